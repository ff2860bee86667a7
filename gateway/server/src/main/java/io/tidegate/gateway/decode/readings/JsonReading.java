package io.tidegate.gateway.decode.readings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.gateway.decode.EventTime;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One JSON object on its way to readings: time, unit and seq may come behind the values that they belong to. */
public final class JsonReading {

    private final Limits limits;
    private final String device;
    private final long receivedMs;
    private final Set<String> names = new HashSet<>();
    private final List<Reading.Builder> readings = new ArrayList<>(4);
    private @Nullable EventTime time;
    private @Nullable String unit;
    private @Nullable Long seq;

    JsonReading(Limits limits, String device, long receivedMs) {
        this.limits = limits;
        this.device = device;
        this.receivedMs = receivedMs;
    }

    static MalformedInput tooMany(Limits limits) {
        return new MalformedInput(
                Reason.TOO_MANY_READINGS, "payload: too many readings (expected: at most " + limits.readings() + ")");
    }

    boolean isEmpty() {
        return readings.isEmpty();
    }

    /** A key appears, with the names it is nested in. */
    void name(String path) throws MalformedInput {
        if (!names.add(path)) {
            throw new MalformedInput(Reason.DUPLICATE_KEY, "key: " + path);
        }
    }

    /** The parser stands on the value of a metric; null is no reading. */
    void value(String metric, JsonParser parser) throws IOException, MalformedInput {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (readings.size() >= limits.readings()) {
            throw tooMany(limits);
        }
        Reading.Builder reading = Reading.newBuilder().setDevice(device).setMetric(metric);
        switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ScalarPayload.number(parser.getDoubleValue(), reading);
            case VALUE_TRUE -> ScalarPayload.truth(true, reading);
            case VALUE_FALSE -> ScalarPayload.truth(false, reading);
            case VALUE_STRING -> ScalarPayload.text(parser.getText(), reading);
            default -> throw new IllegalStateException(metric + ": " + parser.currentToken() + " (expected: a scalar)");
        }
        readings.add(reading);
    }

    void time(JsonParser parser) throws IOException, MalformedInput {
        switch (parser.currentToken()) {
            case VALUE_NULL -> {}
            case VALUE_STRING -> time = EventTime.ofText(parser.getText(), receivedMs);
            case VALUE_NUMBER_INT -> time = integerTime(parser);
            case VALUE_NUMBER_FLOAT -> time = EventTime.ofNumber(parser.getDoubleValue(), receivedMs);
            default -> throw new MalformedInput(Reason.INVALID_TIME, "time: neither a text nor a number");
        }
    }

    private EventTime integerTime(JsonParser parser) throws IOException, MalformedInput {
        return isLong(parser)
                ? EventTime.ofNumber(parser.getLongValue(), receivedMs)
                : EventTime.ofNumber(parser.getDoubleValue(), receivedMs);
    }

    void unit(JsonParser parser) throws IOException, MalformedInput {
        switch (parser.currentToken()) {
            case VALUE_NULL -> {}
            case VALUE_STRING -> unit = limits.name("unit", parser.getText());
            default -> throw new MalformedInput(Reason.INVALID_UNIT, "unit: no text");
        }
    }

    void seq(JsonParser parser) throws IOException, MalformedInput {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || !isLong(parser)) {
            throw new MalformedInput(Reason.INVALID_SEQ, "seq: no 64-bit integer");
        }
        seq = parser.getLongValue();
    }

    private static boolean isLong(JsonParser parser) throws IOException {
        return parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    }

    void addTo(List<Event> events) {
        EventTime known = time == null ? EventTime.received(receivedMs) : time;
        for (Reading.Builder reading : readings) {
            if (unit != null) {
                reading.setUnit(unit);
            }
            if (seq != null) {
                reading.setSeq(seq);
            }
            events.add(event(reading, known, receivedMs));
        }
    }

    /** An event of a reading, at its time. */
    public static Event event(Reading.Builder reading, EventTime time, long receivedMs) {
        return Event.newBuilder()
                .setTimeUs(time.micros())
                .setTimeSource(time.source())
                .setReceivedMs(receivedMs)
                .setReading(reading)
                .build();
    }
}
