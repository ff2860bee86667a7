package io.tidegate.processor.query;

import java.time.Duration;

/** Lengths of time, for people and for arithmetic. */
public final class Durations {

    private Durations() {}

    /** As in configuration, in the largest unit that is exact: {@code 90s}, {@code 5m}, {@code 1500ms}. */
    public static String text(long ms) {
        if (ms % 3_600_000 == 0 && ms != 0) {
            return ms / 3_600_000 + "h";
        }
        if (ms % 60_000 == 0 && ms != 0) {
            return ms / 60_000 + "m";
        }
        return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
    }

    /** As in configuration. */
    public static String text(Duration span) {
        return text(span.toMillis());
    }

    /** The multiples of {@code unit} next to {@code ms}, below and above, as text: {@code 1s or 2s}. */
    public static String nearest(long ms, long unit) {
        long below = Math.max(1, Math.floorDiv(ms, unit)) * unit;
        long above = below >= ms ? below : below + unit;
        return below == above ? text(below) : text(below) + " or " + text(above);
    }

    /** The least common multiple: when both fall together again. */
    public static long together(long one, long other) {
        long a = one;
        long b = other;
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return one / a * other;
    }
}
