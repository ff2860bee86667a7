package io.tidegate.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Exponential backoff with jitter: each pause is between half and all of a bound that doubles. Not thread-safe. */
public final class Backoff {

    private final Duration first;
    private final Duration max;
    private final RandomGenerator random;
    private Duration bound;

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
        this.bound = first;
    }

    /** How long to wait before the next attempt. */
    public Duration next() {
        long half = bound.toNanos() / 2;
        Duration pause = Duration.ofNanos(half + (long) (half * random.nextDouble()));
        Duration doubled = bound.multipliedBy(2);
        bound = doubled.compareTo(max) < 0 ? doubled : max;
        return pause;
    }

    /** After a success: the next pause is short again. */
    public void reset() {
        bound = first;
    }
}
