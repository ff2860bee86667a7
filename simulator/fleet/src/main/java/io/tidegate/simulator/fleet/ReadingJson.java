package io.tidegate.simulator.fleet;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The payload of a metric topic: {@code {"value":21.4,"time":"2026-11-22T10:00:00.000Z","unit":"Cel","seq":12}}. */
public final class ReadingJson {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private ReadingJson() {}

    /** The unit is left out when it is empty. */
    public static String write(Reading reading, String unit) {
        StringBuilder json = new StringBuilder(96)
                .append("{\"value\":")
                .append(reading.value())
                .append(",\"time\":\"")
                .append(TIME.format(Instant.ofEpochMilli(reading.timeMs())))
                .append('"');
        if (!unit.isEmpty()) {
            json.append(",\"unit\":\"")
                    .append(JsonStringEncoder.getInstance().quoteAsString(unit))
                    .append('"');
        }
        return json.append(",\"seq\":").append(reading.seq()).append('}').toString();
    }
}
