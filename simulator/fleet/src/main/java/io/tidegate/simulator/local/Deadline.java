package io.tidegate.simulator.local;

import java.time.Duration;

/**
 * The time until which something is waited for. Any thread.
 *
 * @param nanos as {@link System#nanoTime} counts
 */
public record Deadline(long nanos) {

    /** The end of so long a wait that begins now. */
    public static Deadline in(Duration patience) {
        return new Deadline(System.nanoTime() + patience.toNanos());
    }

    /** Whether the time is over. */
    public boolean isOver() {
        return System.nanoTime() - nanos > 0; // the clock may overflow
    }
}
