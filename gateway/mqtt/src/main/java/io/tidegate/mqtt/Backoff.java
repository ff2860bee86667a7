package io.tidegate.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Exponential backoff with jitter: each pause is between half and all of a bound that doubles. Not thread-safe. */
public final class Backoff {

    /** From a nanosecond to a second. */
    private static final int MOST_DOUBLINGS = 30;

    private final Duration first;
    private final Duration max;
    private final RandomGenerator random;
    private int attempts;

    /**
     * Starts at the first bound.
     *
     * @param first the first bound, above zero
     * @param max the greatest bound, at least the first
     */
    public Backoff(Duration first, Duration max, RandomGenerator random) {
        if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
            throw new IllegalArgumentException("backoff: " + first + " to " + max + " (expected: 0 < first <= max)");
        }
        this.first = first;
        this.max = max;
        this.random = random;
    }

    /** How long to wait before the next attempt. */
    public Duration next() {
        long half = bound(first, max, attempts).toNanos() / 2;
        attempts = Math.min(attempts + 1, MOST_DOUBLINGS);
        return Duration.ofNanos(half + (long) (half * random.nextDouble()));
    }

    /** After a success: the next pause is short again. */
    public void reset() {
        attempts = 0;
    }

    /** The bound behind so many attempts. */
    static Duration bound(Duration first, Duration max, int attempts) {
        Duration doubled = first.multipliedBy(1L << Math.min(attempts, MOST_DOUBLINGS));
        return doubled.compareTo(max) < 0 ? doubled : max;
    }
}
