package io.tidegate.processor.key;

import io.tidegate.protocol.KeyGroups;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Which state group a key belongs to: the rule of the key groups, applied to the canonical text of the key. */
public final class StateGroups {

    private StateGroups() {}

    /**
     * The state group of a key.
     *
     * @param byKey canonical text ({@link KeyCodec#encode})
     * @param stateGroups how many there are
     */
    public static int of(String byKey, int stateGroups) {
        return KeyGroups.of(byKey, stateGroups);
    }

    /** Deals values to state groups by their keys, and makes one thing of those of each group; by group, ascending. */
    public static <V, P> Map<Integer, P> split(Map<String, V> keys, int stateGroups, Function<Map<String, V>, P> of) {
        Map<Integer, Map<String, V>> groups = new TreeMap<>();
        keys.forEach((key, value) -> groups.computeIfAbsent(StateGroups.of(key, stateGroups), group -> new HashMap<>())
                .put(key, value));
        Map<Integer, P> parts = new TreeMap<>();
        groups.forEach((group, values) -> parts.put(group, of.apply(values)));
        return parts;
    }
}
