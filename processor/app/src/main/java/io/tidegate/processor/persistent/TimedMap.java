package io.tidegate.processor.persistent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PersistentMap} by texts whose keys also stand in queues by the times that their values have, and that knows how
 * much memory the keys take. Immutable, shares what did not change; value equality; any thread.
 *
 * @param <V> values, never null
 */
public final class TimedMap<V> {

    private final List<ToLongFunction<V>> times;
    private final PersistentMap<String, V> entries;
    /** A queue for each of the times. They follow from the entries. */
    private final List<TimerQueue> queues;

    private final long keyBytes;

    private TimedMap(
            List<ToLongFunction<V>> times, PersistentMap<String, V> entries, List<TimerQueue> queues, long keyBytes) {
        this.times = times;
        this.entries = entries;
        this.queues = queues;
        this.keyBytes = keyBytes;
    }

    /**
     * With these entries. Costs what they are.
     *
     * @param times one for each queue; {@link TimerQueue#NEVER} for a value whose key is not in it
     */
    public static <V> TimedMap<V> of(PersistentMap<String, V> entries, List<ToLongFunction<V>> times) {
        List<TimerQueue> queues = new ArrayList<>();
        for (ToLongFunction<V> time : times) {
            TimerQueue queue = TimerQueue.NONE;
            for (Map.Entry<String, V> entry : entries.asMap().entrySet()) {
                queue = queue.move(entry.getKey(), TimerQueue.NEVER, time.applyAsLong(entry.getValue()));
            }
            queues.add(queue);
        }
        return new TimedMap<>(
                times, entries, queues, TextSize.of(entries.asMap().keySet()));
    }

    /** The value of a key, null when there is none. */
    public @Nullable V get(String key) {
        return entries.get(key);
    }

    /** With this value for this key; without the key when it is null. */
    public TimedMap<V> with(String key, @Nullable V value) {
        V before = entries.get(key);
        List<TimerQueue> moved = new ArrayList<>(queues.size());
        for (int i = 0; i < queues.size(); i++) {
            moved.add(queues.get(i).move(key, time(i, before), time(i, value)));
        }
        long size = (before == null) == (value == null) ? 0 : TextSize.of(key);
        return value == null
                ? new TimedMap<>(times, entries.without(key), moved, keyBytes - size)
                : new TimedMap<>(times, entries.with(key, value), moved, keyBytes + size);
    }

    private long time(int queue, @Nullable V value) {
        return value == null ? TimerQueue.NEVER : times.get(queue).applyAsLong(value);
    }

    /** The keys by the time with that number. */
    public TimerQueue by(int time) {
        return queues.get(time);
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TimedMap<?> map && entries.equals(map.entries) && queues.equals(map.queues);
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
