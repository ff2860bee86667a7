package io.tidegate.processor.query;

import java.util.Locale;

/** What a window query can compute. */
public enum AggregateFunction {
    /** Events. */
    COUNT,
    /** The sum of the values: exact, then rounded once. */
    SUM,
    /** The exact mean of the values, rounded once. */
    MEAN,
    /** The least value. */
    MIN,
    /** The greatest value. */
    MAX,
    /** The sample standard deviation, from exact sums. */
    STDDEV,
    /** The median, 1 % off at most. */
    P50,
    /** The 95th percentile, 1 % off at most. */
    P95,
    /** The 99th percentile, 1 % off at most. */
    P99,
    /** How many different values there are: exact up to 10,000, then an estimate. */
    DISTINCT;

    /** Whether it is a whole number. */
    public boolean isWhole() {
        return this == COUNT || this == DISTINCT;
    }

    /** The name in configuration and results. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
