package io.tidegate.processor.sketch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How many numbers, their exact sum, the least and the greatest. Immutable; {@link #merge} is associative and commutative.
 *
 * @param count how many
 * @param sum their exact sum
 * @param min the least; positive infinity when there are none
 * @param max the greatest; negative infinity when there are none
 */
public record SummaryStatistics(long count, ExactSum sum, double min, double max) {

    /** No numbers. */
    public static final SummaryStatistics EMPTY =
            new SummaryStatistics(0, ExactSum.ZERO, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    /** With one more number, which is finite. */
    public SummaryStatistics plus(double number) {
        return new SummaryStatistics(count + 1, sum.plus(number), Math.min(min, number), Math.max(max, number));
    }

    /** Both together. */
    public SummaryStatistics merge(SummaryStatistics other) {
        return new SummaryStatistics(
                count + other.count, sum.plus(other.sum), Math.min(min, other.min), Math.max(max, other.max));
    }

    /** The same without the least and the greatest, for whoever does not ask for them: as if there were none. */
    public SummaryStatistics withoutExtremes() {
        return new SummaryStatistics(count, sum, EMPTY.min, EMPTY.max);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** The double nearest to the exact mean; NaN when there are none. */
    public double mean() {
        return isEmpty() ? Double.NaN : sum.dividedBy(count);
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        out.writeLong(count);
        sum.write(out);
        out.writeDouble(min);
        out.writeDouble(max);
    }

    /** Reads what {@link #write} wrote. */
    public static SummaryStatistics read(DataInput in) throws IOException {
        return new SummaryStatistics(in.readLong(), ExactSum.read(in), in.readDouble(), in.readDouble());
    }
}
