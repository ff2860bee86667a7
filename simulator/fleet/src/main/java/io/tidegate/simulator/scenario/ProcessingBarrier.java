package io.tidegate.simulator.scenario;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Knows when a system has worked off what it was sent. */
@FunctionalInterface
public interface ProcessingBarrier {
    /**
     * Waits until everything that was sent has been worked off.
     *
     * @param sent messages, log lines, readings: what a gateway counts as received
     */
    void await(long sent) throws InterruptedException;

    /** For a system of which nothing is known: a pause that is long enough as a rule. */
    static ProcessingBarrier pause(Duration pause) {
        return sent -> TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
}
