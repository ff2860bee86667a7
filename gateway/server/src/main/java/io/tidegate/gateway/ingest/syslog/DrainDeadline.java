package io.tidegate.gateway.ingest.syslog;

import java.util.concurrent.TimeUnit;

/** Tells a socket when to read only what is already there. Thread-safe. */
final class DrainDeadline {

    /** For so long a sender that does not stop is read. */
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private volatile boolean begun;
    private volatile long deadline;

    /** From now on only what is already there is read. */
    void begin() {
        deadline = System.nanoTime() + LAST_WORDS_NANOS;
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Whether to read on. */
    boolean mayRead(boolean somethingIsThere) {
        return !begun || (somethingIsThere && System.nanoTime() < deadline);
    }
}
