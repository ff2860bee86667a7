package io.tidegate.gateway.decode.accesslog;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The day of lines that have a time only: the one that {@code #Date} named, and the next one when the time jumps back over
 * midnight. Lines may come an hour out of order. A jump back of more than that and less than half a day has two meanings: from
 * there on no line has a time, until the next {@code #Date}. Not thread-safe.
 */
final class DayClock {

    private static final long MICROS = 1_000_000;
    private static final long HOUR = 3600 * MICROS;
    private static final long DAY = 24 * HOUR;

    // Microseconds since the epoch: the line that was read last, or what #Date said.
    private long last = LogTime.NONE;
    // Whether it is more than a day: its time is known, too.
    private boolean exact;

    /** {@code #Date}: {@code 2026-11-22 23:59:50}, or the day alone; false: it is no date. */
    boolean set(byte[] date) {
        long day = date.length >= 10 ? LogTime.date(date, 0) : LogTime.NONE;
        if (day == LogTime.NONE) {
            return false;
        }
        long seconds = date.length >= 19 ? LogTime.timeOfDay(date, 11) : LogTime.NONE;
        exact = seconds != LogTime.NONE;
        last = day * DAY + (exact ? seconds * MICROS : 0);
        return true;
    }

    /** What {@link #set} needs to go on behind the last line. */
    Optional<String> date() {
        if (last == LogTime.NONE) {
            return Optional.empty();
        }
        Instant second = Instant.EPOCH.plus(last, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
        String date = second.toString().replace("T", " ").replace("Z", "");
        return Optional.of(exact ? date : date.substring(0, 10));
    }

    /** Microseconds since the epoch of a line; {@link LogTime#NONE}: nobody knows the day. */
    long at(long timeOfDayUs) {
        if (last == LogTime.NONE) {
            return LogTime.NONE;
        }
        long same = Math.floorDiv(last, DAY) * DAY + timeOfDayUs;
        long ahead = same - last;
        if (ahead >= 23 * HOUR && Math.floorMod(last, DAY) < HOUR && exact) {
            // A line of the day before that comes late.
            return same - DAY;
        }
        if (ahead <= -12 * HOUR) {
            last = same + DAY;
            return last;
        }
        if (ahead < -HOUR) {
            last = LogTime.NONE;
            return LogTime.NONE;
        }
        exact = true;
        last = Math.max(last, same);
        return same;
    }
}
