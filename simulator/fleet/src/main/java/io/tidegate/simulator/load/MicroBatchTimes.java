package io.tidegate.simulator.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How long the micro-batches of a query on Structured Streaming took, from {@code /queries}, which shows the newest one:
 * looked at more often than they end. One thread.
 */
final class MicroBatchTimes {
    private final List<Double> each = new ArrayList<>();
    private long newest = -1;
    private boolean measured;

    /** From now on micro-batches count. */
    void measure() {
        measured = true;
    }

    /** @param progress of the query */
    void add(JsonNode progress) {
        long batch = progress.path("microBatch").asLong(-1);
        if (batch <= newest) {
            return;
        }
        newest = batch;
        if (measured) {
            each.add(progress.path("durationMs").asLong() / 1e3);
        }
    }

    /** Of the time since {@link #measure}; a micro-batch waits for nothing but the one before. */
    BatchTimes.Figures figures() {
        return BatchTimes.Figures.of(each, 0, 0, 0);
    }
}
