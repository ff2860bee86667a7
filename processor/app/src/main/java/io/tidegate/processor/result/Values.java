package io.tidegate.processor.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.processor.partial.ByKey;
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
 * as {@link ByKey#decode} gives them; objects and lists are JSON texts. Pure: any thread.
 */
public final class Values {

    private static final JsonFactory JSON = new JsonFactory();

    private Values() {}

    /** String, Boolean, Instant, or a number as of {@link ByKey#decode}, by name; what is absent is absent, or null. */
    public static Map<String, @Nullable Object> of(Result result) {
        Gathered gathered = new Gathered();
        try {
            Messages.write(result, gathered);
        } catch (IOException e) {
            throw new UncheckedIOException("values in memory can be gathered", e);
        }
        return gathered.values;
    }

    /** While an object or a list is open, everything belongs to its text. */
    private static final class Gathered implements Body {
        private final Map<String, @Nullable Object> values = new HashMap<>();
        private @Nullable Body inner;

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
            List<@Nullable Object> columns = ByKey.decode(key);
            for (int i = 0; i < columns.size(); i++) {
                values.put(subject.by().get(i), columns.get(i));
            }
        }

        @Override
        public void object(@Nullable String name, Fields fields) throws IOException {
            if (inner != null) {
                inner.object(name, fields);
            } else if (name != null) {
                values.put(name, json(body -> body.object(null, fields)));
            }
        }

        @Override
        public void list(@Nullable String name, Fields items) throws IOException {
            if (inner != null) {
                inner.list(name, items);
            } else if (name != null) {
                values.put(name, json(body -> body.list(null, items)));
            }
        }

        private interface Outermost {
            void into(Body body) throws IOException;
        }

        private String json(Outermost outermost) throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator out = JSON.createGenerator(text)) {
                inner = new JsonBody(out);
                outermost.into(inner);
            } finally {
                inner = null;
            }
            return text.toString();
        }
    }
}
