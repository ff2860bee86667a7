package io.tidegate.simulator.load;

import java.io.IOException;

/** What takes the messages of a phase. Called by the measuring thread, but for {@link #sent}. */
interface Target {
    /** The most messages that are under way to it, when they leave as fast as it takes them. */
    long OUTSTANDING = 10_000;

    /** Messages that it has taken since the phase began; asked many times a second. Fails when it can't take any more. */
    long taken() throws IOException, InterruptedException;

    /** As {@link #OUTSTANDING}. */
    default long outstanding() {
        return OUTSTANDING;
    }

    /** What is measured begins now. */
    default void measuring(long nowNanos) throws InterruptedException {}

    /** What is measured ends now; messages still leave. */
    default void measured() throws InterruptedException {}

    /** A message of this device is about to leave, and should have left at this time. */
    default void sent(int device, long dueNanos) {}
}
