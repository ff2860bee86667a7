package io.tidegate.gateway.decode.accesslog;

/** The unit of the number at the end of a line that says how long the request took. */
public enum RequestTime {
    /** As servers write it: with a point it is seconds (nginx {@code $request_time}), without microseconds (Apache {@code %D}). */
    AUTO,
    /** Seconds, with a point or without (Apache {@code %T}). */
    SECONDS,
    /** Milliseconds (Apache {@code %{ms}T}). */
    MILLISECONDS,
    /** Microseconds (Apache {@code %D}). */
    MICROSECONDS;

    private static final int MOST_DIGITS = 12;

    /** Microseconds; negative: that is no number, or none that fits. */
    long micros(byte[] bytes, int from, int to) {
        int point = from;
        while (point < to && bytes[point] != '.') {
            point++;
        }
        long whole = digits(bytes, from, point);
        if (whole < 0) {
            return -1;
        }
        boolean fractional = point < to;
        long unit = unit(fractional);
        return fractional ? fraction(bytes, point + 1, to, whole, unit) : whole * unit;
    }

    private long unit(boolean fractional) {
        return switch (this) {
            case AUTO -> fractional ? 1_000_000 : 1;
            case SECONDS -> 1_000_000;
            case MILLISECONDS -> 1_000;
            case MICROSECONDS -> 1;
        };
    }

    private static long fraction(byte[] bytes, int from, int to, long whole, long unit) {
        if (digits(bytes, from, to) < 0) {
            return -1;
        }
        long micros = whole * unit;
        long place = unit / 10;
        for (int i = from; i < to && place > 0; i++) {
            micros += (bytes[i] - '0') * place;
            place /= 10;
        }
        return micros;
    }

    /** A number small enough that a product with a unit fits; negative: it is none. */
    private static long digits(byte[] bytes, int from, int to) {
        if (to <= from || to - from > MOST_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }
}
