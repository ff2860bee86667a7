package io.tidegate.processor.sketch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/**
 * How the values of a key are distributed, as far as a query asks for it: what it does not ask for stays empty and costs
 * nothing. Values can be taken away again. Immutable; {@link #plus} is associative and commutative.
 *
 * @param squares the exact sum of the squares, for standard deviations
 * @param histogram for percentiles
 * @param distinct the different values
 */
public record Distribution(ExactSum squares, Histogram histogram, DistinctCount distinct) {

    /** Of no values, or of values about which nobody asks. */
    public static final Distribution NONE = new Distribution(ExactSum.ZERO, Histogram.EMPTY, DistinctCount.NONE);

    private static final int BUCKET_BYTES = 12;
    private static final int DISTINCT_BYTES = 100;

    /**
     * What a query asks for beside the number of values and their sum.
     *
     * @param extremes the least and the greatest, of which a window keeps one for each pane where they grow or fall
     */
    public record Spec(boolean squares, boolean histogram, boolean distinct, boolean extremes) implements Serializable {

        /** Neither deviation nor percentile, distinct values or extremes. */
        public static final Spec NOTHING = new Spec(false, false, false, false);

        /** Whether it asks for a {@link Distribution}. */
        public boolean isDistribution() {
            return squares || histogram || distinct;
        }
    }

    /** Gathers values one by one; for one thread. */
    public static final class Builder {
        private final Spec spec;
        private ExactSum squares = ExactSum.ZERO;
        private final Histogram.Builder histogram = new Histogram.Builder();
        private final DistinctCount.Builder distinct = new DistinctCount.Builder();

        /** For what a query asks for. */
        public Builder(Spec spec) {
            this.spec = spec;
        }

        /** Adds a value. */
        public void add(double value) {
            if (spec.squares) {
                squares = squares.plus(ExactSum.ofSquare(value));
            }
            if (spec.histogram) {
                histogram.add(value);
            }
            if (spec.distinct) {
                distinct.add(value);
            }
        }

        /** What was added. */
        public Distribution build() {
            return new Distribution(squares, histogram.build(), distinct.build());
        }
    }

    /** Both together. */
    public Distribution plus(Distribution other) {
        if (isNone() || other.isNone()) {
            return isNone() ? other : this;
        }
        return new Distribution(
                squares.plus(other.squares), histogram.plus(other.histogram), distinct.plus(other.distinct));
    }

    /**
     * Without the values of another.
     *
     * @throws IllegalArgumentException when some of them are not here
     */
    public Distribution minus(Distribution other) {
        return other.isNone()
                ? this
                : new Distribution(
                        squares.minus(other.squares), histogram.minus(other.histogram), distinct.minus(other.distinct));
    }

    private boolean isNone() {
        return equals(NONE);
    }

    /** About how many bytes it takes. */
    public long estimatedSize() {
        return (long) BUCKET_BYTES * histogram.size() + (long) DISTINCT_BYTES * distinct.size();
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        boolean none = equals(NONE);
        out.writeBoolean(none);
        if (!none) {
            squares.write(out);
            histogram.write(out);
            distinct.write(out);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static Distribution read(DataInput in) throws IOException {
        return in.readBoolean()
                ? NONE
                : new Distribution(ExactSum.read(in), Histogram.read(in), DistinctCount.read(in));
    }
}
