package io.tidegate.gateway.keygroup;

import java.util.function.LongConsumer;

/** So many bytes, about, that something may take of the heap. Not thread-safe. */
final class MemoryBudget {

    private final LongConsumer onChange;
    private long left;

    /** @param onChange told each time how many bytes more are taken, or, below zero, how many fewer */
    MemoryBudget(long bytes, LongConsumer onChange) {
        this.left = bytes;
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

    /** Gives back what was taken. */
    void giveBack(long bytes) {
        left += bytes;
        onChange.accept(-bytes);
    }

    long left() {
        return left;
    }
}
