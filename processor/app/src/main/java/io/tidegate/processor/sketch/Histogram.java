package io.tidegate.processor.sketch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many numbers fell into each of fixed buckets, each of which reaches 2 % further from zero than the one before: what
 * it says of a percentile is within 1 % of the number that stands there. Nothing in it is random and nothing is ever
 * merged away, so the order of the numbers does not matter, and some can be taken away again. Immutable, value equality,
 * any thread.
 *
 * <p>The buckets are those of DDSketch (Masson, Rim, Lee: DDSketch, VLDB 2019) without its limit on their number: what is
 * stored is the occupied ones, about 120 for each factor of ten that the numbers spread over.
 */
public final class Histogram {

    /** No numbers. */
    public static final Histogram EMPTY = new Histogram(new int[0], new long[0]);

    private static final double GROWTH = 1.02;
    private static final double LOG_GROWTH = StrictMath.log(GROWTH);
    /** Of a bucket's far end: as far from it as from the near one, in parts of the number that stands there. */
    private static final double BETWEEN = 2 / (1 + GROWTH);
    /** Beyond every bucket of a double, so that a bucket's place in the order is its bucket plus this. */
    private static final int MIDDLE = 40_000;

    /** Ascending, which is the order of the numbers: below zero, zero itself, above. */
    private final int[] buckets;

    /** How many numbers each holds; never 0. */
    private final long[] counts;

    private Histogram(int[] buckets, long[] counts) {
        this.buckets = buckets;
        this.counts = counts;
    }

    /** Counts numbers one by one; for one thread. */
    public static final class Builder {
        private final SortedMap<Integer, Long> counts = new TreeMap<>();

        /** Adds a number, which is finite. */
        public void add(double number) {
            counts.merge(bucket(number), 1L, Long::sum);
        }

        /** What was added. */
        public Histogram build() {
            return new Histogram(
                    counts.keySet().stream().mapToInt(Integer::intValue).toArray(),
                    counts.values().stream().mapToLong(Long::longValue).toArray());
        }
    }

    private static int bucket(double number) {
        if (number == 0) {
            return 0;
        }
        // StrictMath: every executor must find the same bucket.
        int distance = MIDDLE + (int) StrictMath.ceil(StrictMath.log(Math.abs(number)) / LOG_GROWTH);
        return number > 0 ? distance : -distance;
    }

    /** The number from which none in the bucket is further than 1 %. */
    private static double number(int bucket) {
        if (bucket == 0) {
            return 0;
        }
        double end = StrictMath.exp((Math.abs(bucket) - MIDDLE) * LOG_GROWTH);
        double distance = Math.min(end, Double.MAX_VALUE) * BETWEEN;
        return bucket > 0 ? distance : -distance;
    }

    /** Both together. */
    public Histogram plus(Histogram other) {
        return combine(other, 1);
    }

    /**
     * Without the numbers of another.
     *
     * @throws IllegalArgumentException when some of them are not here
     */
    public Histogram minus(Histogram other) {
        return combine(other, -1);
    }

    private Histogram combine(Histogram other, int sign) {
        int[] allBuckets = new int[buckets.length + other.buckets.length];
        long[] allCounts = new long[allBuckets.length];
        int size = 0;
        for (int i = 0, j = 0; i < buckets.length || j < other.buckets.length; ) {
            boolean mine = j == other.buckets.length || (i < buckets.length && buckets[i] <= other.buckets[j]);
            boolean its = i == buckets.length || (j < other.buckets.length && other.buckets[j] <= buckets[i]);
            int bucket = mine ? buckets[i] : other.buckets[j];
            long count = (mine ? counts[i++] : 0) + (its ? sign * other.counts[j++] : 0);
            if (count < 0) {
                throw new IllegalArgumentException("taken away: more than there is of bucket " + bucket);
            }
            if (count > 0) {
                allBuckets[size] = bucket;
                allCounts[size++] = count;
            }
        }
        return new Histogram(Arrays.copyOf(allBuckets, size), Arrays.copyOf(allCounts, size));
    }

    /**
     * The number at a place in ascending order, 1 % off at most.
     *
     * @param rank from 1 to the number of numbers
     * @throws IllegalArgumentException for any other rank
     */
    public double at(long rank) {
        long passed = 0;
        for (int i = 0; i < counts.length; i++) {
            passed += counts[i];
            if (rank <= passed && rank > 0) {
                return number(buckets[i]);
            }
        }
        throw new IllegalArgumentException("rank: " + rank + " (expected: 1 to " + passed + ")");
    }

    /** How many buckets are occupied. */
    public int size() {
        return counts.length;
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(buckets.length);
        for (int i = 0; i < buckets.length; i++) {
            out.writeInt(buckets[i]);
            out.writeLong(counts[i]);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static Histogram read(DataInput in) throws IOException {
        int size = in.readInt();
        if (size == 0) {
            return EMPTY;
        }
        Histogram read = new Histogram(new int[size], new long[size]);
        for (int i = 0; i < size; i++) {
            read.buckets[i] = in.readInt();
            read.counts[i] = in.readLong();
        }
        return read;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Histogram its
                && Arrays.equals(buckets, its.buckets)
                && Arrays.equals(counts, its.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(buckets) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "Histogram" + Arrays.toString(buckets) + Arrays.toString(counts);
    }
}
