package io.tidegate.simulator.fleet;

/**
 * When something recorded is due again: with its own timing from the first of it on, so many times faster. Time never goes
 * back: what was recorded with a clock that had stepped back is due at once. Not thread-safe.
 */
public final class ReplayClock {

    private final double speed;
    private long firstMs = Long.MIN_VALUE;
    private long dueMs;

    /** @param speed how many times faster than it was; 0: without any waiting */
    public ReplayClock(double speed) {
        this.speed = speed;
    }

    /**
     * Moves on to what was recorded at a time.
     *
     * @param timeMs epoch milliseconds
     * @return when it is due, as {@link #dueMs()}
     */
    public long moveTo(long timeMs) {
        if (firstMs == Long.MIN_VALUE) {
            firstMs = timeMs;
        }
        dueMs = speed == 0 ? 0 : Math.max(dueMs, (long) ((timeMs - firstMs) / speed));
        return dueMs;
    }

    /** When the latest of what came so far is due: milliseconds after the start of the run. */
    public long dueMs() {
        return dueMs;
    }
}
