package io.tidegate.simulator.fleet;

/** When a planned message may leave. */
@FunctionalInterface
public interface Pace {
    /**
     * Waits until so many milliseconds have passed since the run began.
     *
     * @return false when the run is to end now
     */
    boolean await(long offsetMs) throws InterruptedException;
}
