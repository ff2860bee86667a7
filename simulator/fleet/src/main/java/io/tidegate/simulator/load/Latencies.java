package io.tidegate.simulator.load;

/**
 * Counts times in classes that are 1/64 of their size wide, so that any number of them takes 32 KiB and a percentile is at
 * most 1.6 % above the exact one; the maximum is exact. Thread-safe.
 */
final class Latencies {
    private static final int HALF_BITS = 6;
    private static final int HALF = 1 << HALF_BITS;

    private final long[] counts = new long[(Long.SIZE - HALF_BITS) * HALF];
    private long count;
    private long max;

    /** So many things took so long; less than nothing counts as nothing. */
    synchronized void record(long nanos, long times) {
        long time = Math.max(0, nanos);
        counts[index(time)] += times;
        count += times;
        max = Math.max(max, time);
    }

    synchronized long count() {
        return count;
    }

    synchronized long maxNanos() {
        return max;
    }

    /** The time that this share of them (0 to 1) did not exceed: the nearest rank, rounded up to its class; 0 without any. */
    synchronized long percentileNanos(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            if (below >= rank) {
                return Math.min(max, last(i));
            }
        }
        return 0;
    }

    /** Below 128 each time has its own class; above, each power of two has 64. */
    private static int index(long time) {
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(time) - HALF_BITS - 1);
        return shift * HALF + (int) (time >>> shift);
    }

    private static long last(int index) {
        int shift = Math.max(0, index / HALF - 1);
        return ((index - (long) shift * HALF + 1) << shift) - 1;
    }
}
