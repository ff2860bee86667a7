package io.tidegate.processor.persistent;

import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.HashMap;
import scala.collection.immutable.HashMap$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An immutable hash map of which a changed copy shares everything that did not change. Value equality; any thread.
 *
 * @param <K> keys
 * @param <V> values, never null
 */
public final class PersistentMap<K, V> {

    private final HashMap<K, V> entries;

    private PersistentMap(HashMap<K, V> entries) {
        this.entries = entries;
    }

    /** Without entries. */
    public static <K, V> PersistentMap<K, V> empty() {
        return new PersistentMap<>(HashMap$.MODULE$.<K, V>empty());
    }

    /** With the entries of a map as they are now. */
    public static <K, V> PersistentMap<K, V> of(Map<K, V> map) {
        var builder = HashMap$.MODULE$.<K, V>newBuilder();
        map.forEach((key, value) -> builder.addOne(new Tuple2<>(key, value)));
        return new PersistentMap<>(builder.result());
    }

    /** The value of a key, null when there is none. */
    public @Nullable V get(K key) {
        Option<V> value = entries.get(key);
        return value.isDefined() ? value.get() : null;
    }

    /** With this value for this key. */
    public PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(entries.updated(key, value));
    }

    /** Without this key. */
    public PersistentMap<K, V> without(K key) {
        return new PersistentMap<>(entries.removed(key));
    }

    /**
     * The entries of both; where both have a key, {@code merge} decides. Costs what the smaller one holds.
     *
     * @param merge commutative
     */
    public PersistentMap<K, V> mergedWith(PersistentMap<K, V> other, BinaryOperator<V> merge) {
        if (size() < other.size()) {
            return other.mergedWith(this, merge);
        }
        PersistentMap<K, V> merged = this;
        for (Map.Entry<K, V> entry : other.asMap().entrySet()) {
            V mine = get(entry.getKey());
            V value = mine == null ? entry.getValue() : merge.apply(mine, entry.getValue());
            merged = merged.with(entry.getKey(), value);
        }
        return merged;
    }

    /** How many entries there are. */
    public int size() {
        return entries.size();
    }

    /** Whether there is no entry. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** A view, not modifiable, in no particular order. */
    public Map<K, V> asMap() {
        return CollectionConverters.asJava(entries);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PersistentMap<?, ?> map && entries.equals(map.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return asMap().toString();
    }
}
