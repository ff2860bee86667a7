package io.tidegate.processor.sketch;

import io.tidegate.processor.persistent.Encoding;
import io.tidegate.processor.persistent.PersistentMap;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many different numbers there are, when some leave again: each is kept with how often it came. Exact up to
 * {@value #MAX_EXACT} of them. With more, only those are kept whose hash begins with one zero bit, then two, as many as it
 * takes, and the rest is extrapolated: an estimate, the same for the same numbers in whatever order, with a standard error
 * of one in the square root of those that are kept: 1.4 % when half of them had to go. It is exact again when everything
 * has left. Immutable, value equality, any thread.
 */
public final class DistinctCount {

    /** No numbers. */
    public static final DistinctCount NONE = new DistinctCount(PersistentMap.empty(), 0);

    static final int MAX_EXACT = 10_000;

    /** How often each came, by its hash; hashes of different doubles are different. */
    private final PersistentMap<Long, Long> times;

    /** So many leading zero bits every hash in it has. */
    private final int zeros;

    private DistinctCount(PersistentMap<Long, Long> times, int zeros) {
        this.times = times;
        this.zeros = zeros;
    }

    /** Counts numbers one by one; for one thread. */
    public static final class Builder {
        private final Map<Long, Long> times = new HashMap<>();

        /** Adds a number. */
        public void add(double number) {
            times.merge(hash(number), 1L, Long::sum);
        }

        /** What was added. */
        public DistinctCount build() {
            return new DistinctCount(PersistentMap.of(times), 0).fitting();
        }
    }

    /** The finalizer of MurmurHash3 (Appleby, public domain): one to one, and every bit depends on every bit. */
    private static long hash(double number) {
        long bits = Double.doubleToLongBits(number == 0 ? 0.0 : number);
        bits = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return bits ^ (bits >>> 33);
    }

    /** Both together; associative and commutative. */
    public DistinctCount plus(DistinctCount other) {
        int needed = Math.max(zeros, other.zeros);
        DistinctCount mine = thinned(needed);
        return new DistinctCount(mine.times.mergedWith(other.thinned(needed).times, Long::sum), needed).fitting();
    }

    /**
     * Without the numbers of another.
     *
     * @throws IllegalArgumentException when some of them are not here
     */
    public DistinctCount minus(DistinctCount other) {
        PersistentMap<Long, Long> rest = times;
        for (Map.Entry<Long, Long> entry : other.thinned(zeros).times.asMap().entrySet()) {
            Long here = rest.get(entry.getKey());
            if (here == null || here < entry.getValue()) {
                throw new IllegalArgumentException("taken away: more than there is of " + entry.getKey());
            }
            boolean last = here.equals(entry.getValue());
            rest = last ? rest.without(entry.getKey()) : rest.with(entry.getKey(), here - entry.getValue());
        }
        return new DistinctCount(rest, zeros);
    }

    private DistinctCount fitting() {
        DistinctCount fitting = this;
        while (fitting.times.size() > MAX_EXACT) {
            fitting = fitting.thinned(fitting.zeros + 1);
        }
        return fitting;
    }

    private DistinctCount thinned(int leadingZeros) {
        if (leadingZeros <= zeros) {
            return this;
        }
        Map<Long, Long> kept = new HashMap<>();
        times.asMap().forEach((hash, count) -> {
            if (Long.numberOfLeadingZeros(hash) >= leadingZeros) {
                kept.put(hash, count);
            }
        });
        return new DistinctCount(PersistentMap.of(kept), leadingZeros);
    }

    /** How many different numbers there are, or about how many. */
    public long count() {
        return (long) times.size() << zeros;
    }

    /** How many it holds. */
    public int size() {
        return times.size();
    }

    /** Whether the count is exact. */
    public boolean isExact() {
        return zeros == 0;
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        out.writeByte(zeros);
        Encoding.writeMap(out, times, (hash, to) -> to.writeLong(hash), (count, to) -> to.writeLong(count));
    }

    /** Reads what {@link #write} wrote. */
    public static DistinctCount read(DataInput in) throws IOException {
        int zeros = in.readUnsignedByte();
        return new DistinctCount(Encoding.readMap(in, DataInput::readLong, DataInput::readLong), zeros);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DistinctCount its && zeros == its.zeros && times.equals(its.times);
    }

    @Override
    public int hashCode() {
        return 31 * times.hashCode() + zeros;
    }

    @Override
    public String toString() {
        return "Distinct[" + count() + ", zeros=" + zeros + "]";
    }
}
