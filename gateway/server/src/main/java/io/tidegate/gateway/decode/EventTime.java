package io.tidegate.gateway.decode;

import io.tidegate.protocol.v1.TimeSource;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * When an event happened. A device that says nothing gets the time of receipt; so does, flagged, a device whose clock
 * cannot be right: before 2000, or more than five minutes ahead of receipt. There is no other clamp: history is
 * welcome.
 *
 * @param micros microseconds since the epoch
 */
public record EventTime(long micros, TimeSource source) {

    /** 2000-01-01T00:00:00Z. */
    private static final long EARLIEST_SECOND = 946_684_800L;

    private static final long MICROS = 1_000_000;
    private static final long AHEAD_MICROS = 5 * 60 * MICROS;

    /** Above this a number of seconds would be in the year 5138, so it is milliseconds; and so on, by a thousand. */
    private static final double SECONDS_BELOW = 1e11;

    private static final double MILLIS_BELOW = 1e14;
    private static final double MICROS_BELOW = 1e17;

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter();

    /** The time of an event that says nothing about it: the time of receipt. */
    public static EventTime received(long receivedMs) {
        return new EventTime(receivedMs * 1000, TimeSource.RECEIVED);
    }

    /** ISO-8601 with an offset, {@code 2026-11-22T10:00:00.000Z}. */
    public static EventTime ofText(String text, long receivedMs) throws MalformedInput {
        long micros = UtcTimestamp.micros(text);
        if (micros != UtcTimestamp.OTHER) {
            return ofMicros(micros, receivedMs);
        }
        try {
            Instant instant = ISO.parse(text.strip(), Instant::from);
            long seconds = instant.getEpochSecond();
            // A year that microseconds cannot hold is as wrong as any other that is out of bounds.
            boolean fits = Math.abs(seconds) < Long.MAX_VALUE / MICROS - 1;
            return fits ? ofMicros(seconds * MICROS + instant.getNano() / 1000, receivedMs) : clamped(receivedMs);
        } catch (DateTimeException e) {
            throw invalid(text);
        }
    }

    /** Epoch seconds, milliseconds, microseconds or nanoseconds, told apart by size. */
    public static EventTime ofNumber(long number, long receivedMs) {
        double size = Math.abs((double) number);
        if (size < SECONDS_BELOW) {
            return ofMicros(number * MICROS, receivedMs);
        }
        if (size < MILLIS_BELOW) {
            return ofMicros(number * 1000, receivedMs);
        }
        return ofMicros(size < MICROS_BELOW ? number : Math.floorDiv(number, 1000), receivedMs);
    }

    /** The same with a fraction, rounded to the microsecond. */
    public static EventTime ofNumber(double number, long receivedMs) throws MalformedInput {
        double size = Math.abs(number);
        if (!(size < Long.MAX_VALUE)) {
            throw invalid(Double.toString(number));
        }
        if (size < SECONDS_BELOW) {
            return ofMicros(Math.round(number * MICROS), receivedMs);
        }
        if (size < MILLIS_BELOW) {
            return ofMicros(Math.round(number * 1000), receivedMs);
        }
        return ofMicros(Math.round(size < MICROS_BELOW ? number : number / 1000), receivedMs);
    }

    /** Microseconds since the epoch. */
    public static EventTime ofMicros(long micros, long receivedMs) {
        boolean possible = micros >= EARLIEST_SECOND * MICROS && micros <= receivedMs * 1000 + AHEAD_MICROS;
        return possible ? new EventTime(micros, TimeSource.DEVICE) : clamped(receivedMs);
    }

    private static EventTime clamped(long receivedMs) {
        return new EventTime(receivedMs * 1000, TimeSource.CLAMPED);
    }

    private static MalformedInput invalid(String given) {
        return new MalformedInput(
                Reason.INVALID_TIME,
                "time: " + given + " (expected: ISO-8601 with an offset, or a number since the epoch)");
    }
}
