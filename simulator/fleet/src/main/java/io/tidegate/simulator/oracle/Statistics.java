package io.tidegate.simulator.oracle;

import java.math.BigDecimal;
import java.math.MathContext;

/** Sum, mean, least and greatest of some values; the sum is exact, and rounded once. Not thread-safe. */
final class Statistics {

    private long count;
    private BigDecimal sum = BigDecimal.ZERO;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    void add(double value) {
        count++;
        sum = sum.add(new BigDecimal(value));
        min = Math.min(min, value);
        max = Math.max(max, value);
    }

    long count() {
        return count;
    }

    double sum() {
        return sum.doubleValue();
    }

    /** Of at least one value. */
    double mean() {
        return sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue();
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }
}
