package io.tidegate.gateway.decode.readings;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.StrictUtf8;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Readings in JSON, token by token: what is refused costs no more than was read of it. */
public final class JsonReadings {

    private static final String DEVICE = "device";
    private static final String METRIC = "metric";

    private final Limits limits;
    private final JsonFactory json;

    /** Reads within these limits. */
    public JsonReadings(Limits limits) {
        this.limits = limits;
        // Names come from outside: interned they would stay for ever.
        json = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(limits.json())
                .build();
    }

    /** {@code {"value":…,"time":…,"unit":…,"seq":…}}, or an array of such. */
    public List<Event> ofMetric(String device, String metric, byte[] payload, long receivedMs) throws MalformedInput {
        return read(
                payload,
                (parser, events) -> metric(parser, new JsonReading(limits, device, receivedMs), metric, events));
    }

    /** {@code {"time":…,"seq":…,‹metrics›}}, or an array of such. */
    public List<Event> ofMany(String device, byte[] payload, long receivedMs) throws MalformedInput {
        return read(payload, (parser, events) -> {
            JsonReading element = new JsonReading(limits, device, receivedMs);
            metrics(parser, element, "", Set.of());
            element.addTo(events);
        });
    }

    /** One object that names its device: {@code {"device","metric","value",…}} or {@code {"device","time","seq",‹metrics›}}. */
    List<Event> ofDevice(byte[] payload, long receivedMs) throws MalformedInput {
        Map<String, String> names = new HashMap<>();
        read(payload, true, (parser, events) -> names(parser, names, events));
        String device = names.get(DEVICE);
        if (device == null || device.isEmpty()) {
            throw new MalformedInput(Reason.NO_DEVICE, "payload: no text under \"device\"");
        }
        limits.name(DEVICE, device);
        String metric = names.get(METRIC);
        if (metric != null) {
            if (metric.isEmpty()) {
                throw new MalformedInput(Reason.UNSUPPORTED_VALUE, "metric: empty (expected: a name)");
            }
            limits.name(METRIC, metric);
            return read(
                    payload,
                    (parser, events) -> metric(parser, new JsonReading(limits, device, receivedMs), metric, events));
        }
        return read(payload, (parser, events) -> {
            JsonReading element = new JsonReading(limits, device, receivedMs);
            metrics(parser, element, "", Set.of(DEVICE, METRIC));
            element.addTo(events);
        });
    }

    /** The texts under the names that say what it is; puts something into events, as every object must. */
    private static void names(JsonParser parser, Map<String, String> names, List<Event> events)
            throws IOException, MalformedInput {
        events.add(Event.getDefaultInstance());
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING && (name.equals(DEVICE) || name.equals(METRIC))) {
                names.put(name, parser.getText());
            } else if (name.equals(METRIC) && token != JsonToken.VALUE_NULL) {
                throw new MalformedInput(
                        Reason.UNSUPPORTED_VALUE, "metric: " + token + " (expected: a text)" + at(parser));
            }
            parser.skipChildren();
        }
    }

    /** Reads one object, whose first token has been read, through its last. */
    private interface ObjectReader {
        void read(JsonParser parser, List<Event> events) throws IOException, MalformedInput;
    }

    private List<Event> read(byte[] payload, ObjectReader object) throws MalformedInput {
        return read(payload, false, object);
    }

    private List<Event> read(byte[] payload, boolean one, ObjectReader object) throws MalformedInput {
        StrictUtf8.check(payload);
        try (JsonParser parser = json.createParser(payload)) {
            List<Event> events = new ArrayList<>();
            objects(parser, one, object, events);
            if (parser.nextToken() != null) {
                throw new MalformedInput(Reason.INVALID_JSON, "payload: something follows the JSON" + at(parser));
            }
            if (events.isEmpty()) {
                throw new MalformedInput(Reason.NO_VALUE, "payload: holds no reading");
            }
            return events;
        } catch (StreamConstraintsException e) {
            throw new MalformedInput(Reason.OVER_LIMIT, e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new MalformedInput(Reason.INVALID_JSON, e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be read", e);
        }
    }

    private void objects(JsonParser parser, boolean one, ObjectReader object, List<Event> events)
            throws IOException, MalformedInput {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
            object.read(parser, events);
            return;
        }
        if (one || first != JsonToken.START_ARRAY) {
            String expected = one ? "an object" : "an object or an array of objects";
            throw new MalformedInput(Reason.INVALID_JSON, "payload: " + first + " (expected: " + expected + ")");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new MalformedInput(Reason.INVALID_JSON, "payload: an array of objects is expected" + at(parser));
            }
            object.read(parser, events);
            if (events.size() > limits.readings()) {
                throw JsonReading.tooMany(limits);
            }
        }
    }

    private void metric(JsonParser parser, JsonReading element, String metric, List<Event> events)
            throws IOException, MalformedInput {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            element.name(name);
            parser.nextToken();
            switch (name) {
                case "value" -> any(parser, element, metric);
                case "time" -> element.time(parser);
                case "unit" -> element.unit(parser);
                case "seq" -> element.seq(parser);
                default -> parser.skipChildren();
            }
        }
        if (element.isEmpty()) {
            throw new MalformedInput(Reason.NO_VALUE, "payload: an object without a value");
        }
        element.addTo(events);
    }

    /** As deep as the parser's limit on nesting allows, and no deeper. */
    private void metrics(JsonParser parser, JsonReading element, String prefix, Set<String> names)
            throws IOException, MalformedInput {
        for (@Nullable String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            String path = limits.name("metric", prefix + name);
            element.name(path);
            parser.nextToken();
            if (names.contains(path)) {
                parser.skipChildren();
            } else if (path.equals("time")) {
                element.time(parser);
            } else if (path.equals("seq")) {
                element.seq(parser);
            } else {
                any(parser, element, path);
            }
        }
    }

    /** A value, or what it is made of: of an object by the names in it, of an array by the number of each element. */
    private void any(JsonParser parser, JsonReading element, String path) throws IOException, MalformedInput {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            metrics(parser, element, path + ".", Set.of());
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            int number = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (number >= limits.readings()) {
                    throw JsonReading.tooMany(limits);
                }
                String name = limits.name("metric", path + "." + number);
                element.name(name);
                any(parser, element, name);
                number++;
            }
        } else {
            element.value(path, parser);
        }
    }

    private static String at(JsonParser parser) {
        return " at byte " + parser.currentLocation().getByteOffset();
    }
}
