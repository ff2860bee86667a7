package io.tidegate.simulator.web;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of an access log that leaves at its time.
 *
 * @param offsetMs when it is due, milliseconds after the start of the run
 * @param text without its end; one char for each byte (ISO 8859-1), so that any bytes can be played again
 * @param entry what it says, empty when it is damaged, or was written by somebody else
 * @param damaged on purpose
 */
public record LogLine(long offsetMs, String text, Optional<LogEntry> entry, boolean damaged) {
    /** How the common log format writes times. */
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
}
