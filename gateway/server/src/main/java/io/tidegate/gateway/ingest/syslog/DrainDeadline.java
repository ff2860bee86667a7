package io.tidegate.gateway.ingest.syslog;

import java.util.concurrent.TimeUnit;

/** How a socket learns that it is time to read what is already there, and no more. Thread-safe. */
final class DrainDeadline {

    /** How long who is never silent is listened to. */
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private volatile boolean begun;
    private volatile long deadline;

    /** It is time. */
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
