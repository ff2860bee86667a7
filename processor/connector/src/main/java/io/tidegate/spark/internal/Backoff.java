package io.tidegate.spark.internal;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between attempts, from 100 ms to five seconds, each twice as long as the one before. Half of each is random, so that
 * callers that failed together do not try again together.
 */
public final class Backoff {
    private static final long FIRST_MS = 100;
    private static final long LONGEST_MS = 5_000;

    private Backoff() {}

    /** How long to wait after a number of failures, counted from 0, in milliseconds. */
    public static long pauseMs(int failures) {
        long most = Math.min(LONGEST_MS, FIRST_MS << Math.min(failures, 10));
        return most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    }
}
