package io.tidegate.settings;

import java.time.Duration;

/** Durations and sizes as people write them, and the ranges of what is expected. */
final class Amount {

    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Amount() {}

    /** The largest unit that needs no fraction: {@code 1500ms}, {@code 90s}, {@code 2h}. */
    static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (!duration.equals(Duration.ofMillis(duration.toMillis()))) {
            return duration.toNanos() + "ns";
        }
        if (!duration.equals(Duration.ofSeconds(seconds))) {
            return duration.toMillis() + "ms";
        }
        if (seconds != 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds != 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** The largest unit that needs no fraction: {@code 64MiB}. */
    static String ofBytes(long bytes) {
        int unit = 0;
        long rest = bytes;
        while (rest != 0 && rest % 1024 == 0 && unit < BINARY.length - 1) {
            rest /= 1024;
            unit++;
        }
        return rest + BINARY[unit];
    }

    /** A whole number, or the shortest text of a fraction. */
    static String of(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
        return whole ? Long.toString((long) number) : Double.toString(number);
    }

    /** {@code from … to …}, or {@code … or more} without an upper end. */
    static String range(String min, String max, boolean bounded) {
        return bounded ? "from " + min + " to " + max : min + " or more";
    }
}
