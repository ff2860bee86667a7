package io.tidegate.processor.persistent;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PersistentMap} by texts that knows how much memory these take. Value equality; any thread.
 *
 * @param <V> values, never null
 */
public final class SizedMap<V> {

    private final PersistentMap<String, V> entries;
    private final long keyBytes;

    private SizedMap(PersistentMap<String, V> entries, long keyBytes) {
        this.entries = entries;
        this.keyBytes = keyBytes;
    }

    /** With these entries. Costs what they are. */
    public static <V> SizedMap<V> of(PersistentMap<String, V> entries) {
        return new SizedMap<>(entries, TextSize.of(entries.asMap().keySet()));
    }

    /** The value of a key, null when there is none. */
    public @Nullable V get(String key) {
        return entries.get(key);
    }

    /** With this value for this key. */
    public SizedMap<V> with(String key, V value) {
        boolean known = entries.get(key) != null;
        return new SizedMap<>(entries.with(key, value), known ? keyBytes : keyBytes + TextSize.of(key));
    }

    /** Without this key. */
    public SizedMap<V> without(String key) {
        boolean known = entries.get(key) != null;
        return new SizedMap<>(entries.without(key), known ? keyBytes - TextSize.of(key) : keyBytes);
    }

    /** How many entries there are. */
    public int size() {
        return entries.size();
    }

    /** The {@link TextSize} of all keys. */
    public long keyBytes() {
        return keyBytes;
    }

    /** The entries, which can be written. */
    public PersistentMap<String, V> entries() {
        return entries;
    }

    /** A view, not modifiable, in no particular order. */
    public Map<String, V> asMap() {
        return entries.asMap();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SizedMap<?> map && entries.equals(map.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
