package io.tidegate.simulator.scenario;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which column of a CSV file is what.
 *
 * @param device the device to which all rows belong when no column names it
 * @param deviceColumn the column that names the device
 * @param time the column that says when; empty: the first
 * @param timeFormat {@code iso} (ISO 8601, with a T or a blank), {@code epoch-s}, {@code epoch-ms} or a pattern of
 *     {@link DateTimeFormatter}
 * @param zone where times that name no offset were read off a clock
 * @param metrics the names of the metrics by column; empty: all other columns, by their own names
 */
public record CsvMapping(
        String device,
        Optional<String> deviceColumn,
        Optional<String> time,
        String timeFormat,
        ZoneId zone,
        Map<String, String> metrics) {

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("[' ']['T']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT);

    /** Keeps its own copy. */
    public CsvMapping {
        metrics = Map.copyOf(metrics);
    }

    /**
     * What reads a time; it throws a {@link DateTimeException} or a {@link NumberFormatException} when it can't.
     *
     * @throws Mistake when the format is none
     */
    Function<String, Instant> times() throws Mistake {
        return switch (timeFormat) {
            case "iso" -> text -> read(text, ISO);
            case "epoch-s" -> text -> Instant.ofEpochSecond(Long.parseLong(text));
            case "epoch-ms" -> text -> Instant.ofEpochMilli(Long.parseLong(text));
            default -> pattern();
        };
    }

    private Function<String, Instant> pattern() throws Mistake {
        try {
            DateTimeFormatter pattern = DateTimeFormatter.ofPattern(timeFormat, Locale.ENGLISH);
            return text -> read(text, pattern);
        } catch (IllegalArgumentException e) {
            throw new Mistake("--time-format " + timeFormat
                    + " (expected: iso, epoch-s, epoch-ms or a pattern such as dd.MM.uuuu HH:mm:ss)");
        }
    }

    private Instant read(String text, DateTimeFormatter format) {
        TemporalAccessor time = format.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
        return time instanceof ZonedDateTime zoned
                ? zoned.toInstant()
                : LocalDateTime.from(time).atZone(zone).toInstant();
    }

    /** A mapping that doesn't fit the file: the option, what it says, and what was expected. */
    public static final class Mistake extends Exception {
        private static final long serialVersionUID = 1;

        Mistake(String message) {
            super(message);
        }
    }
}
