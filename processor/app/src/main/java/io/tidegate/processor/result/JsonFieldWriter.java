package io.tidegate.processor.result;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.Subject;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a result in the product's one style: absent values are omitted, times are ISO-8601 in UTC. */
final class JsonFieldWriter implements FieldWriter {

    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final JsonGenerator out;

    JsonFieldWriter(JsonGenerator out) {
        this.out = out;
    }

    @Override
    public void text(String name, String value) throws IOException {
        out.writeStringField(name, value);
    }

    @Override
    public void whole(String name, long value) throws IOException {
        out.writeNumberField(name, value);
    }

    @Override
    public void number(String name, @Nullable Double value) throws IOException {
        if (value != null) {
            out.writeNumberField(name, value);
        }
    }

    @Override
    public void truth(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
    }

    @Override
    public void time(String name, long epochMs) throws IOException {
        out.writeStringField(name, ISO.format(Instant.ofEpochMilli(epochMs)));
    }

    @Override
    public void key(Subject subject, String key) throws IOException {
        List<@Nullable Object> values = KeyCodec.decode(key);
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
            } else if (value instanceof BigInteger || value instanceof BigDecimal) {
                out.writeNumber(KeyCodec.text(value));
            } else if (value instanceof Boolean truth) {
                out.writeBoolean(truth);
            } else {
                out.writeString((String) value);
            }
        }
        out.writeEndObject();
    }

    @Override
    public void object(@Nullable String name, Fields fields) throws IOException {
        if (name != null) {
            out.writeFieldName(name);
        }
        out.writeStartObject();
        fields.write();
        out.writeEndObject();
    }

    @Override
    public void list(@Nullable String name, Fields items) throws IOException {
        if (name != null) {
            out.writeFieldName(name);
        }
        out.writeStartArray();
        items.write();
        out.writeEndArray();
    }
}
