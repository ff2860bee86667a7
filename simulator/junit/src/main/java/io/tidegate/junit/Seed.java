package io.tidegate.junit;

import java.util.Random;

/**
 * Where a test's chance comes from: one number in the build, so that a test does the same each time it runs. It is printed, and
 * a run with another one is repeated with {@code -Dtidegate.seed=N}.
 *
 * @param value what {@code -Dtidegate.seed} takes
 */
public record Seed(long value) {

    /** Names the system property; the build sets it. Empty or absent: another number each time. */
    static final String PROPERTY = "tidegate.seed";

    private static final int RANGE = 1_000_000;

    /** The seed of this run, printed under the test's name. */
    public static Seed of(String test) {
        Seed seed = current();
        System.out.println(test + ": seed " + seed.value + "; repeat with -D" + PROPERTY + "=" + seed.value);
        return seed;
    }

    /** A generator that gives the same numbers for the same seed. */
    public Random random() {
        return new Random(value);
    }

    static Seed current() {
        String given = System.getProperty(PROPERTY, "");
        return given.isEmpty() ? any() : new Seed(Long.parseLong(given));
    }

    /** Another one each time. */
    static Seed any() {
        return new Seed(Math.floorMod(System.nanoTime(), RANGE));
    }

    /** Makes it the seed of everything that asks from now on. */
    void set() {
        System.setProperty(PROPERTY, String.valueOf(value));
    }
}
