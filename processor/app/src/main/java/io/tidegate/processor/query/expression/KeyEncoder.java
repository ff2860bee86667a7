package io.tidegate.processor.query.expression;

import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.FilterReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The canonical texts of keys; remembers some, as the hash of a value is cheaper than its JSON. For one thread. */
final class KeyEncoder {

    private static final int REMEMBERED_KEYS = 20_000;

    private final Map<List<@Nullable Object>, String> texts = new HashMap<>();

    /**
     * The keys of an event: one, or one per combination of distinct elements of arrays, maybe none.
     *
     * @param columns for each column of the key its values
     * @throws UnusableEventException when they are too many, or one is too long
     */
    List<String> of(List<List<@Nullable Object>> columns) {
        List<@Nullable Object> only = new ArrayList<>(columns.size());
        for (List<@Nullable Object> values : columns) {
            if (values.size() != 1) {
                return combinations(columns);
            }
            only.add(values.get(0));
        }
        return List.of(text(only));
    }

    private List<String> combinations(List<List<@Nullable Object>> columns) {
        List<List<@Nullable Object>> keys = List.of(List.of());
        for (List<@Nullable Object> values : columns) {
            keys = product(keys, values);
        }
        requireFew(keys.size());
        Set<String> distinct = new LinkedHashSet<>();
        for (List<@Nullable Object> key : keys) {
            distinct.add(text(key));
        }
        return List.copyOf(distinct);
    }

    private static List<List<@Nullable Object>> product(
            List<List<@Nullable Object>> keys, List<@Nullable Object> values) {
        requireFew((long) keys.size() * values.size());
        List<List<@Nullable Object>> product = new ArrayList<>(keys.size() * values.size());
        for (List<@Nullable Object> key : keys) {
            for (Object value : values) {
                List<@Nullable Object> longer = new ArrayList<>(key);
                longer.add(value);
                product.add(longer);
            }
        }
        return product;
    }

    private String text(List<@Nullable Object> key) {
        if (texts.size() > REMEMBERED_KEYS) {
            texts.clear();
        }
        return texts.computeIfAbsent(key, KeyEncoder::encode);
    }

    private static String encode(List<@Nullable Object> key) {
        String text = KeyCodec.encode(key);
        if (text.length() > KeyCodec.MAX_CHARACTERS) {
            throw new UnusableEventException(
                    FilterReason.KEY_TOO_LONG,
                    "a key of " + text.length() + " characters (expected: at most " + KeyCodec.MAX_CHARACTERS + ")");
        }
        return text;
    }

    private static void requireFew(long keys) {
        if (keys > KeyCodec.MAX_KEYS) {
            throw new UnusableEventException(
                    FilterReason.TOO_MANY_KEYS, keys + " keys (expected: at most " + KeyCodec.MAX_KEYS + ")");
        }
    }
}
