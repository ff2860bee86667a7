package io.tidegate.gateway.admission;

import java.util.function.LongConsumer;

/**
 * So many bytes, about, that something may take of the heap. Half of them are kept for what is needed, so that what is only
 * good to have leaves room for it. Not thread-safe.
 */
final class MemoryBudget {

    private final long kept;
    private final LongConsumer onChange;
    private long left;

    /** @param onChange told each time how many bytes more are taken, or, below zero, how many fewer */
    MemoryBudget(long bytes, LongConsumer onChange) {
        this.left = bytes;
        this.kept = bytes / 2;
        this.onChange = onChange;
    }

    /** Takes so many, if there are as many left. */
    boolean tryTake(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        onChange.accept(bytes);
        return true;
    }

    /** Takes so many for what is only good to have. */
    boolean tryTakeSpare(long bytes) {
        return bytes <= left - kept && tryTake(bytes);
    }

    /** Gives back what was taken. */
    void giveBack(long bytes) {
        left += bytes;
        onChange.accept(-bytes);
    }

    long left() {
        return left;
    }
}
