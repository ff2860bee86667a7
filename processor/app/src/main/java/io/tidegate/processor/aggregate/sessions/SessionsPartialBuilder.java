package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.key.StateGroups;
import io.tidegate.processor.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers the events per key; at the end cuts them into partial sessions: {@link SessionsPartial}s. */
public final class SessionsPartialBuilder implements PartialBuilder {

    private final long gapMs;
    private final int stateGroups;
    private final Map<String, List<InputEvent>> events = new HashMap<>();

    /** For a query with this gap. */
    public SessionsPartialBuilder(long gapMs, int stateGroups) {
        this.gapMs = gapMs;
        this.stateGroups = stateGroups;
    }

    @Override
    public void add(String byKey, InputEvent event) {
        events.computeIfAbsent(byKey, key -> new ArrayList<>()).add(event);
    }

    @Override
    public Map<Integer, Partial> build() {
        Map<String, List<PartialSession>> fragments = new HashMap<>();
        events.forEach((key, list) -> fragments.put(key, PartialSession.of(list, gapMs)));
        return StateGroups.split(
                fragments, stateGroups, group -> new SessionsPartial(gapMs, PersistentMap.of(group), Partial.NO_TICK));
    }
}
