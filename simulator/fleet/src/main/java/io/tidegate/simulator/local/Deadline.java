package io.tidegate.simulator.local;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The time until which something is waited for. Any thread.
 *
 * @param nanos as {@link System#nanoTime} counts
 */
public record Deadline(long nanos) {
    private static final long LOOK_AROUND_MS = 100;

    /** The end of so long a wait that begins now. */
    public static Deadline in(Duration patience) {
        return new Deadline(System.nanoTime() + patience.toNanos());
    }

    /**
     * Waits until something holds.
     *
     * @return false when the time is over
     * @throws InterruptedException when the latch falls
     */
    public boolean await(CountDownLatch stop, Condition condition) throws IOException, InterruptedException {
        while (!condition.holds()) {
            if (isOver()) {
                return false;
            }
            if (stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("stopped");
            }
        }
        return true;
    }

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        /** Whether it holds by now. Fails when it never will. */
        boolean holds() throws IOException, InterruptedException;
    }

    /** Whether the time is over. */
    public boolean isOver() {
        return System.nanoTime() - nanos > 0; // the clock may overflow
    }
}
