package io.tidegate.gateway;

/** What the heap of a JVM holds in which other tests have run before. */
public final class Heap {

    private static final int STEADY = 3;

    private Heap() {}

    /** The bytes in use, once collecting again and again finds no more to free. */
    public static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int same = 0; same < STEADY; same++) {
            System.gc();
            long now = runtime.totalMemory() - runtime.freeMemory();
            if (now < least) {
                least = now;
                same = 0;
            }
        }
        return least;
    }
}
