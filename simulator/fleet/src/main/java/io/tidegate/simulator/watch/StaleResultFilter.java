package io.tidegate.simulator.watch;

import java.util.HashMap;
import java.util.Map;

/**
 * Knows the newest batch of each retained topic. A batch that is re-run after a failure publishes again what readers
 * have seen already; they drop a message whose batch is lower than the last one of its topic. Not thread-safe.
 */
public final class StaleResultFilter {
    private final Map<String, Long> batches = new HashMap<>();

    /** Whether the result is news; false for a retained topic that steps back. */
    public boolean isNews(Result result) {
        if (!result.kind().isRetained() || !result.body().path("batch").isIntegralNumber()) {
            return true;
        }
        long batch = result.body().path("batch").longValue();
        return batches.merge(result.topic(), batch, Math::max) == batch;
    }
}
