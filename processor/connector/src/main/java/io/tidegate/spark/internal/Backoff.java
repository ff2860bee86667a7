package io.tidegate.spark.internal;

import java.util.concurrent.ThreadLocalRandom;

/** Pauses between attempts that grow up to five seconds. Half of each is chance: who failed together does not come back together. */
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
