package io.tidegate.processor.result;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.processor.partial.ByKey;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a result in the product's one style: absent values are omitted, times are ISO-8601 in UTC. */
public final class JsonBody {

    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final JsonGenerator out;

    JsonBody(JsonGenerator out) {
        this.out = out;
    }

    /** Writes some fields. */
    @FunctionalInterface
    public interface Fields {
        /** Writes them. */
        void write() throws IOException;
    }

    /** A text. */
    public void text(String name, String value) throws IOException {
        out.writeStringField(name, value);
    }

    /** A whole number. */
    public void whole(String name, long value) throws IOException {
        out.writeNumberField(name, value);
    }

    /** A number, unless it is absent. */
    public void number(String name, @Nullable Double value) throws IOException {
        if (value != null) {
            out.writeNumberField(name, value);
        }
    }

    /** A truth value. */
    public void truth(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
    }

    /** A time, given in epoch milliseconds. */
    public void time(String name, long epochMs) throws IOException {
        out.writeStringField(name, ISO.format(Instant.ofEpochMilli(epochMs)));
    }

    /** An object of the {@code by} columns, unless there are none. */
    public void key(Subject subject, String key) throws IOException {
        List<@Nullable Object> values = ByKey.decode(key);
        if (values.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("key");
        for (int i = 0; i < values.size(); i++) {
            out.writeFieldName(subject.by().get(i));
            Object value = values.get(i);
            if (value instanceof Long whole) {
                out.writeNumber(whole);
            } else if (value instanceof Double number) {
                out.writeNumber(number);
            } else if (value instanceof Boolean truth) {
                out.writeBoolean(truth);
            } else {
                out.writeString((String) value);
            }
        }
        out.writeEndObject();
    }

    /** An object; without a name as an item of {@link #list}. */
    public void object(@Nullable String name, Fields fields) throws IOException {
        if (name != null) {
            out.writeFieldName(name);
        }
        out.writeStartObject();
        fields.write();
        out.writeEndObject();
    }

    /** A list; {@code items} writes objects without names. */
    public void list(String name, Fields items) throws IOException {
        out.writeArrayFieldStart(name);
        items.write();
        out.writeEndArray();
    }
}
