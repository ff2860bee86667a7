package io.tidegate.processor.result;

import java.io.IOException;
import java.io.Serializable;

/**
 * The time that a window covers, by batch time: its batches are later than {@code startMs} and not later than
 * {@code endMs}.
 *
 * @param partial whether processing began after {@code startMs}
 */
public record TimeWindow(long startMs, long endMs, boolean partial) implements Serializable {

    /**
     * The span of the window that ends with a batch.
     *
     * @param startedMs the time before the first batch of all: the zero time of the stream
     */
    public static TimeWindow endingAt(long endMs, long windowMs, long startedMs) {
        return new TimeWindow(endMs - windowMs, endMs, endMs - windowMs < startedMs);
    }

    void write(FieldWriter writer) throws IOException {
        writer.time("start", startMs);
        writer.time("end", endMs);
        writer.truth("partial", partial);
    }
}
