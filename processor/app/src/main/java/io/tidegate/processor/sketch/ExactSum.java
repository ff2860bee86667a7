package io.tidegate.processor.sketch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The exact sum of doubles: whatever the order of the terms, the sum is the same, and terms can be taken away again
 * without a trace. Immutable, value equality, any thread.
 *
 * <p>Held as 128-bit fixed point with 80 binary places, which is exact for all that is less than 2^47 and a multiple of
 * 2^-80 (every double from 2^-28 up has no finer part); anything else goes into a {@link BigInteger} with 1074 places,
 * and comes back as soon as the sum allows. Each sum has exactly one form.
 */
public final class ExactSum {

    /** Nothing added. */
    public static final ExactSum ZERO = new ExactSum(0, 0, null);

    private static final int PLACES = 80;
    private static final int WIDE_PLACES = 1074;
    private static final int WIDER = WIDE_PLACES - PLACES;
    private static final int NARROW_BITS = 127;

    private final long high;
    private final long low;
    private final @Nullable BigInteger wide;

    private ExactSum(long high, long low, @Nullable BigInteger wide) {
        this.high = high;
        this.low = low;
        this.wide = wide;
    }

    /**
     * One term.
     *
     * @throws IllegalArgumentException for NaN and the infinities
     */
    public static ExactSum of(double term) {
        if (!Double.isFinite(term)) {
            throw new IllegalArgumentException("term: " + term + " (expected: a finite number)");
        }
        if (term == 0) {
            return ZERO;
        }
        long mantissa = mantissa(term);
        int zeros = Long.numberOfTrailingZeros(mantissa);
        long signed = (term < 0 ? -mantissa : mantissa) >> zeros;
        int shift = exponent(term) + zeros + PLACES;
        int length = Long.SIZE - Long.numberOfLeadingZeros(mantissa >>> zeros);
        if (shift < 0 || shift + length > NARROW_BITS) {
            return canonical(BigInteger.valueOf(signed).shiftLeft(shift + WIDER));
        }
        if (shift >= Long.SIZE) {
            return new ExactSum(signed << (shift - Long.SIZE), 0, null);
        }
        return new ExactSum(shift == 0 ? signed >> 63 : signed >> (Long.SIZE - shift), signed << shift, null);
    }

    /** Without its sign. */
    private static long mantissa(double term) {
        long bits = Double.doubleToRawLongBits(term) & ((1L << 52) - 1);
        return Math.abs(term) < Double.MIN_NORMAL ? bits : bits | (1L << 52);
    }

    /** Of the last place of the mantissa. */
    private static int exponent(double term) {
        return Math.max(Math.getExponent(term), Double.MIN_EXPONENT) - 52;
    }

    /**
     * The square of a term, to the last of its places; only what is below 2^-1074 is cut off.
     *
     * @throws IllegalArgumentException for NaN and the infinities
     */
    public static ExactSum ofSquare(double term) {
        if (!Double.isFinite(term)) {
            throw new IllegalArgumentException("term: " + term + " (expected: a finite number)");
        }
        return canonical(BigInteger.valueOf(mantissa(term)).pow(2).shiftLeft(2 * exponent(term) + WIDE_PLACES));
    }

    /** With one more term; see {@link #of}. */
    public ExactSum plus(double term) {
        return plus(of(term));
    }

    /** Both together. */
    public ExactSum plus(ExactSum other) {
        if (wide == null && other.wide == null) {
            long lowSum = low + other.low;
            long carry = Long.compareUnsigned(lowSum, low) < 0 ? 1 : 0;
            long highSum = high + other.high + carry;
            boolean overflow = ((high ^ highSum) & (other.high ^ highSum)) < 0;
            if (!overflow) {
                return new ExactSum(highSum, lowSum, null);
            }
        }
        return canonical(widened().add(other.widened()));
    }

    /** Without the terms of another sum. */
    public ExactSum minus(ExactSum other) {
        boolean negatable = other.wide == null && other.high != Long.MIN_VALUE;
        if (negatable) {
            return plus(new ExactSum(~other.high + (other.low == 0 ? 1 : 0), -other.low, null));
        }
        return canonical(widened().subtract(other.widened()));
    }

    /** The double nearest to the sum, ties to even; infinite when the sum is beyond the doubles. */
    public double value() {
        return dividedBy(1);
    }

    /**
     * The double nearest to the exact sum divided by {@code divisor}, ties to even: rounded once, not twice.
     *
     * @param divisor positive
     */
    public double dividedBy(long divisor) {
        return wide == null
                ? Rounding.nearest(narrow(), divisor, -PLACES)
                : Rounding.nearest(wide, divisor, -WIDE_PLACES);
    }

    /**
     * The sample standard deviation of numbers with this sum, as Spark SQL's {@code stddev}: from exact sums, so numbers
     * that are close together and far from zero lose nothing; rounded at the end, within two units in the last place.
     *
     * @param squares the sum of their squares, of {@link #ofSquare}
     * @param count how many
     * @return NaN for fewer than two
     */
    public double deviation(ExactSum squares, long count) {
        if (count < 2) {
            return Double.NaN;
        }
        BigInteger sum = widened();
        BigInteger scaled =
                squares.widened().multiply(BigInteger.valueOf(count)).shiftLeft(WIDE_PLACES);
        BigInteger spread = scaled.subtract(sum.multiply(sum)).max(BigInteger.ZERO);
        return Math.sqrt(Rounding.nearest(spread, count, -2 * WIDE_PLACES) / (count - 1));
    }

    private BigInteger narrow() {
        BigInteger upper = BigInteger.valueOf(high).shiftLeft(Long.SIZE);
        return upper.add(BigInteger.valueOf(low >>> 1).shiftLeft(1)).add(BigInteger.valueOf(low & 1));
    }

    private BigInteger widened() {
        return wide == null ? narrow().shiftLeft(WIDER) : wide;
    }

    private static ExactSum canonical(BigInteger sum) {
        if (sum.signum() == 0) {
            return ZERO;
        }
        if (sum.getLowestSetBit() >= WIDER && sum.bitLength() - WIDER <= NARROW_BITS) {
            BigInteger narrow = sum.shiftRight(WIDER);
            return new ExactSum(narrow.shiftRight(Long.SIZE).longValue(), narrow.longValue(), null);
        }
        return new ExactSum(0, 0, sum);
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        if (wide == null) {
            out.writeShort(0);
            out.writeLong(high);
            out.writeLong(low);
        } else {
            int zeros = wide.getLowestSetBit();
            byte[] bytes = wide.shiftRight(zeros).toByteArray();
            out.writeShort(bytes.length);
            out.writeShort(zeros);
            out.write(bytes);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static ExactSum read(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readUnsignedShort()];
        if (bytes.length == 0) {
            return new ExactSum(in.readLong(), in.readLong(), null);
        }
        int zeros = in.readUnsignedShort();
        in.readFully(bytes);
        return new ExactSum(0, 0, new BigInteger(bytes).shiftLeft(zeros));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExactSum sum && high == sum.high && low == sum.low && Objects.equals(wide, sum.wide);
    }

    @Override
    public int hashCode() {
        return Objects.hash(high, low, wide);
    }

    @Override
    public String toString() {
        return Double.toString(value());
    }
}
