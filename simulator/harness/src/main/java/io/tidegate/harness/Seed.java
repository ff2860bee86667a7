package io.tidegate.harness;

import java.util.Random;

/**
 * Where a test's chance comes from: another number each time, printed, so that a run that failed can be repeated.
 *
 * @param value what {@code -Dtidegate.seed} takes
 */
public record Seed(long value) {

    private static final String PROPERTY = "tidegate.seed";

    /** The seed given by {@code -Dtidegate.seed=N}, else a new one. Prints it under the test's name. */
    public static Seed of(String test) {
        long value = Long.getLong(PROPERTY, System.nanoTime() % 1_000_000);
        System.out.println(test + ": seed " + value + "; repeat with -D" + PROPERTY + "=" + value);
        return new Seed(value);
    }

    /** A generator that gives the same numbers for the same seed. */
    public Random random() {
        return new Random(value);
    }
}
