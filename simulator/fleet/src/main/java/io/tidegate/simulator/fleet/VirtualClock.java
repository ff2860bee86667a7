package io.tidegate.simulator.fleet;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A pace in which so many virtual seconds pass in a second, and none while it is held. A run that fell behind catches up
 * without waiting. One thread.
 */
public final class VirtualClock implements Pace {
    private final double speed;
    private final CountDownLatch stop;
    private final LongSupplier nanos;
    private long began;

    /**
     * Begins now.
     *
     * @param speed above 0
     * @param stop the pace says stop when it falls
     */
    public VirtualClock(double speed, CountDownLatch stop) {
        this(speed, stop, System::nanoTime);
    }

    /** As fast as real time. */
    public static VirtualClock realTime(CountDownLatch stop) {
        return new VirtualClock(1, stop);
    }

    VirtualClock(double speed, CountDownLatch stop, LongSupplier nanos) {
        this.speed = speed;
        this.stop = stop;
        this.nanos = nanos;
        this.began = nanos.getAsLong();
    }

    @Override
    public boolean await(long offsetMs) throws InterruptedException {
        return !stop.await(Math.max(0, waitNanos(offsetMs)), TimeUnit.NANOSECONDS);
    }

    long waitNanos(long offsetMs) {
        return (long) (TimeUnit.MILLISECONDS.toNanos(offsetMs) / speed) - (nanos.getAsLong() - began);
    }

    /** Stands still while something is done. */
    public void hold(Held held) throws InterruptedException {
        long from = nanos.getAsLong();
        held.run();
        began += nanos.getAsLong() - from;
    }

    /** What is done meanwhile. */
    @FunctionalInterface
    public interface Held {
        /** Does it. */
        void run() throws InterruptedException;
    }
}
