package io.tidegate.gateway.serve;

import java.util.function.LongSupplier;

/**
 * What may be told as seen together with a position. A snapshot takes the time S first, the durable end P after it:
 * everything received before S is below P, so S may come with any position at or behind P. A snapshot is kept until its P
 * is reached, so that the time advances under sustained load as well, where a fresh P is never reached. Not thread-safe.
 */
final class SeenThroughTracker {

    private static final long NONE = -1;

    private final LongSupplier seenThrough;
    private final LongSupplier end;
    private long told;
    private long pending;
    private long pendingEnd = NONE;

    SeenThroughTracker(LongSupplier seenThrough, LongSupplier end) {
        this.seenThrough = seenThrough;
        this.end = end;
    }

    /** The time that may come with this position; 0: none yet. */
    long at(long next) {
        settle(next);
        if (pendingEnd == NONE) {
            pending = seenThrough.getAsLong();
            pendingEnd = end.getAsLong();
            settle(next);
        }
        return told;
    }

    private void settle(long next) {
        if (pendingEnd != NONE && next >= pendingEnd) {
            told = Math.max(told, pending);
            pendingEnd = NONE;
        }
    }
}
