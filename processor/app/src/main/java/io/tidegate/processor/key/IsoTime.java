package io.tidegate.processor.key;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times in keys, results and messages: ISO-8601 in UTC, always with milliseconds. */
public final class IsoTime {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private IsoTime() {}

    /** The time as text. */
    public static String text(Instant time) {
        return FORMAT.format(time);
    }
}
