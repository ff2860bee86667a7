package io.tidegate.processor.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.Subject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a result as values by their names, for what is no JSON. The columns of {@code by} stand beside the others,
 * as {@link KeyCodec#decode} gives them; objects and lists are JSON texts. Pure: any thread.
 */
public final class ResultFields {

    private static final JsonFactory JSON = new JsonFactory();

    private ResultFields() {}

    /** String, Boolean, Instant, or a number as of {@link KeyCodec#decode}, by name; what is absent is absent, or null. */
    public static Map<String, @Nullable Object> of(Result result) {
        FieldCollector collector = new FieldCollector();
        try {
            ResultMessages.write(result, collector);
        } catch (IOException e) {
            throw new UncheckedIOException("values in memory can be gathered", e);
        }
        return collector.values;
    }

    /** While an object or a list is open, everything belongs to its text. */
    private static final class FieldCollector implements FieldWriter {
        private final Map<String, @Nullable Object> values = new HashMap<>();
        private @Nullable FieldWriter inner;

        @Override
        public void text(String name, String value) throws IOException {
            if (inner != null) {
                inner.text(name, value);
            } else {
                values.put(name, value);
            }
        }

        @Override
        public void whole(String name, long value) throws IOException {
            if (inner != null) {
                inner.whole(name, value);
            } else {
                values.put(name, value);
            }
        }

        @Override
        public void number(String name, @Nullable Double value) throws IOException {
            if (inner != null) {
                inner.number(name, value);
            } else {
                values.put(name, value);
            }
        }

        @Override
        public void truth(String name, boolean value) throws IOException {
            if (inner != null) {
                inner.truth(name, value);
            } else {
                values.put(name, value);
            }
        }

        @Override
        public void time(String name, long epochMs) throws IOException {
            if (inner != null) {
                inner.time(name, epochMs);
            } else {
                values.put(name, Instant.ofEpochMilli(epochMs));
            }
        }

        @Override
        public void key(Subject subject, String key) throws IOException {
            if (inner != null) {
                inner.key(subject, key);
                return;
            }
            List<@Nullable Object> columns = KeyCodec.decode(key);
            for (int i = 0; i < columns.size(); i++) {
                values.put(subject.by().get(i), columns.get(i));
            }
        }

        @Override
        public void object(@Nullable String name, Fields fields) throws IOException {
            if (inner != null) {
                inner.object(name, fields);
            } else if (name != null) {
                values.put(name, json(writer -> writer.object(null, fields)));
            }
        }

        @Override
        public void list(@Nullable String name, Fields items) throws IOException {
            if (inner != null) {
                inner.list(name, items);
            } else if (name != null) {
                values.put(name, json(writer -> writer.list(null, items)));
            }
        }

        private interface JsonContent {
            void into(FieldWriter writer) throws IOException;
        }

        private String json(JsonContent content) throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator out = JSON.createGenerator(text)) {
                inner = new JsonFieldWriter(out);
                content.into(inner);
            } finally {
                inner = null;
            }
            return text.toString();
        }
    }
}
