package io.tidegate.processor.result;

import java.util.Locale;

/** What a window query can compute. */
public enum Aggregate {
    /** Events. */
    COUNT,
    /** The sum of the values: exact, then rounded once. */
    SUM,
    /** The exact mean of the values, rounded once. */
    MEAN,
    /** The least value. */
    MIN,
    /** The greatest value. */
    MAX;

    /** The name in configuration and results. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
