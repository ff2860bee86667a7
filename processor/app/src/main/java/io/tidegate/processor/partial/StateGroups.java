package io.tidegate.processor.partial;

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
     * @param byKey canonical text ({@link ByKey#encode})
     * @param stateGroups how many there are
     */
    public static int of(String byKey, int stateGroups) {
        return KeyGroups.of(byKey, stateGroups);
    }

    static <V> Map<Integer, Partial> split(
            Map<String, V> keys, int stateGroups, Function<Map<String, V>, Partial> partial) {
        Map<Integer, Map<String, V>> groups = new TreeMap<>();
        keys.forEach((key, value) -> groups.computeIfAbsent(of(key, stateGroups), group -> new HashMap<>())
                .put(key, value));
        Map<Integer, Partial> partials = new TreeMap<>();
        groups.forEach((group, values) -> partials.put(group, partial.apply(values)));
        return partials;
    }
}
