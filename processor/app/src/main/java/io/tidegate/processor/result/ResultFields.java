package io.tidegate.processor.result;

import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a result as values by their names, for what is no JSON. The columns of {@code by} stand beside the others,
 * as {@link KeyCodec#decode} gives them; objects and lists are JSON texts. Pure: any thread.
 */
public final class ResultFields {

    private ResultFields() {}

    /** String, Boolean, Instant, or a number as of {@link KeyCodec#decode}, by name; what is absent is absent, or null. */
    public static Map<String, @Nullable Object> of(Result result) {
        FieldCollector collector = new FieldCollector();
        try {
            result.write(collector);
        } catch (IOException e) {
            throw new UncheckedIOException("values in memory can be gathered", e);
        }
        return collector.values;
    }

    private static final class FieldCollector implements FieldWriter {
        private final Map<String, @Nullable Object> values = new HashMap<>();

        @Override
        public void text(String name, String value) {
            values.put(name, value);
        }

        @Override
        public void whole(String name, long value) {
            values.put(name, value);
        }

        @Override
        public void number(String name, @Nullable Double value) {
            values.put(name, value);
        }

        @Override
        public void truth(String name, boolean value) {
            values.put(name, value);
        }

        @Override
        public void time(String name, long epochMs) {
            values.put(name, Instant.ofEpochMilli(epochMs));
        }

        @Override
        public void key(Subject subject, String key) {
            List<@Nullable Object> columns = KeyCodec.decode(key);
            for (int i = 0; i < columns.size(); i++) {
                values.put(subject.by().get(i), columns.get(i));
            }
        }

        @Override
        public void object(@Nullable String name, Fields fields) {
            values.put(Objects.requireNonNull(name), JsonFieldWriter.text(json -> json.object(null, fields)));
        }

        @Override
        public void list(@Nullable String name, Fields items) {
            values.put(Objects.requireNonNull(name), JsonFieldWriter.text(json -> json.list(null, items)));
        }
    }
}
