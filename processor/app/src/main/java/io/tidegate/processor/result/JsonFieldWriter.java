package io.tidegate.processor.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.processor.key.IsoTime;
import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.Subject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a result in the product's one style: absent values are omitted, times are ISO-8601 in UTC. */
final class JsonFieldWriter implements FieldWriter {

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator out;

    private JsonFieldWriter(JsonGenerator out) {
        this.out = out;
    }

    /** What is written, as a JSON text. */
    static String text(Fields content) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            content.write(new JsonFieldWriter(out));
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can be written", e);
        }
        return text.toString();
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
        out.writeStringField(name, IsoTime.text(Instant.ofEpochMilli(epochMs)));
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
        fields.write(this);
        out.writeEndObject();
    }

    @Override
    public void list(@Nullable String name, Fields items) throws IOException {
        if (name != null) {
            out.writeFieldName(name);
        }
        out.writeStartArray();
        items.write(this);
        out.writeEndArray();
    }
}
