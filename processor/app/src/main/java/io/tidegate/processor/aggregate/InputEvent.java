package io.tidegate.processor.aggregate;

import org.jspecify.annotations.Nullable;

/**
 * One event as a query sees it.
 *
 * @param timeMs event time, epoch milliseconds
 * @param receivedMs receipt by the gateway's clock, epoch milliseconds
 * @param keyGroup the key group whose offset it has
 * @param offset its offset in that key group
 * @param metric what was measured; the empty text where there is none
 * @param value what is aggregated; null, NaN and infinities count as an event without a value
 * @param request what a visit needs of a request; null where no visit is counted
 */
public record InputEvent(
        long timeMs,
        long receivedMs,
        int keyGroup,
        long offset,
        String metric,
        @Nullable Double value,
        @Nullable RequestFields request) {

    /** Replaces NaN and infinities, which no sum can hold, by no value. */
    public InputEvent {
        if (value != null && !Double.isFinite(value)) {
            value = null;
        }
    }

    /** An event that is no part of a visit. */
    public InputEvent(long timeMs, long receivedMs, int keyGroup, long offset, String metric, @Nullable Double value) {
        this(timeMs, receivedMs, keyGroup, offset, metric, value, null);
    }
}
