package io.tidegate.processor.partial;

import io.tidegate.processor.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers the events per key; at the end cuts them into fragments. */
final class SessionPartialBuilder implements PartialBuilder {

    private final long gapMs;
    private final int stateGroups;
    private final Map<String, List<Observation>> events = new HashMap<>();

    SessionPartialBuilder(long gapMs, int stateGroups) {
        this.gapMs = gapMs;
        this.stateGroups = stateGroups;
    }

    @Override
    public void add(String byKey, Observation event) {
        events.computeIfAbsent(byKey, key -> new ArrayList<>()).add(event);
    }

    @Override
    public Map<Integer, Partial> build() {
        Map<String, List<Fragment>> fragments = new HashMap<>();
        events.forEach((key, list) -> fragments.put(key, Fragment.of(list, gapMs)));
        return StateGroups.split(
                fragments, stateGroups, group -> new SessionPartial(gapMs, PersistentMap.of(group), Partial.NO_TICK));
    }
}
