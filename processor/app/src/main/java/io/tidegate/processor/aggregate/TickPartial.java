package io.tidegate.processor.aggregate;

/**
 * A batch's tick: everything received before {@code seenThroughMs} is in this batch or an earlier one. One is merged into
 * every query and state group in every batch, so timers fire without events and a window has a pane for every batch.
 *
 * @param batchTimeMs the batch's time; ticks of different batches do not merge
 * @param seenThroughMs the least seenThrough of the key groups it speaks for
 */
public record TickPartial(long batchTimeMs, long seenThroughMs) implements Partial {

    @Override
    public Partial merge(Partial other) {
        if (other instanceof TickPartial tick) {
            if (tick.batchTimeMs != batchTimeMs) {
                throw new IllegalArgumentException(
                        "tick of batch: " + tick.batchTimeMs + " (expected: " + batchTimeMs + ")");
            }
            return new TickPartial(batchTimeMs, Math.min(seenThroughMs, tick.seenThroughMs));
        }
        return other.merge(this);
    }

    @Override
    public long estimatedSize() {
        return 32;
    }
}
