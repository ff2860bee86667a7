package io.tidegate.simulator.fleet;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** When a planned message may leave. */
@FunctionalInterface
public interface Pace {
    /**
     * Waits until so many milliseconds have passed since the run began.
     *
     * @return false when the run is to end now
     */
    boolean await(long offsetMs) throws InterruptedException;

    /** Real time from now on, until {@code stop} reaches zero. A run that fell behind catches up without waiting. */
    static Pace realTime(CountDownLatch stop) {
        long began = System.nanoTime();
        return offsetMs -> {
            long waitNanos = TimeUnit.MILLISECONDS.toNanos(offsetMs) - (System.nanoTime() - began);
            return !stop.await(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
        };
    }
}
