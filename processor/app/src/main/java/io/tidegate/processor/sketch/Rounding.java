package io.tidegate.processor.sketch;

import java.math.BigInteger;

/** Division of whole numbers into doubles with a single rounding. */
final class Rounding {

    private static final int DOUBLE_BITS = 53;
    /** So many bits more than the divisor has leave a quotient that is longer than any double. */
    private static final int GUARD = DOUBLE_BITS + 3;

    private Rounding() {}

    /** The double nearest to {@code number / divisor * 2^exponent}, ties to even. */
    static double nearest(BigInteger number, long divisor, int exponent) {
        if (number.signum() == 0) {
            return 0.0;
        }
        BigInteger magnitude = number.abs();
        double rounded;
        if (divisor == 1) {
            rounded = nearest(magnitude, exponent, false);
        } else {
            BigInteger by = BigInteger.valueOf(divisor);
            int more = Math.max(0, by.bitLength() + GUARD - magnitude.bitLength());
            BigInteger[] parts = magnitude.shiftLeft(more).divideAndRemainder(by);
            rounded = nearest(parts[0], exponent - more, parts[1].signum() != 0);
        }
        return number.signum() < 0 ? -rounded : rounded;
    }

    /**
     * The double nearest to {@code (magnitude + rest) * 2^exponent}.
     *
     * @param rest whether something less than 1 follows; the magnitude is longer than a double then
     */
    private static double nearest(BigInteger magnitude, int exponent, boolean rest) {
        int length = magnitude.bitLength();
        int keep = Math.min(DOUBLE_BITS, length + exponent - (Double.MIN_EXPONENT - DOUBLE_BITS + 1));
        if (keep < 0) {
            return 0.0;
        }
        int drop = length - keep;
        if (drop <= 0) {
            return Math.scalb(magnitude.doubleValue(), exponent);
        }
        BigInteger kept = magnitude.shiftRight(drop);
        boolean half = magnitude.testBit(drop - 1);
        boolean aboveHalf = half && (rest || magnitude.getLowestSetBit() < drop - 1);
        boolean up = aboveHalf || (half && kept.testBit(0));
        return Math.scalb((up ? kept.add(BigInteger.ONE) : kept).doubleValue(), exponent + drop);
    }
}
