package io.tidegate.processor.aggregate.anomalies;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.key.StateGroups;
import io.tidegate.processor.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers the events per key: {@link AnomaliesPartial}s. */
final class AnomaliesPartialBuilder implements PartialBuilder {

    private final int stateGroups;
    private final Map<String, List<Observation>> observations = new HashMap<>();

    AnomaliesPartialBuilder(int stateGroups) {
        this.stateGroups = stateGroups;
    }

    @Override
    public void add(String byKey, InputEvent event) {
        observations.computeIfAbsent(byKey, key -> new ArrayList<>()).add(Observation.of(event));
    }

    @Override
    public Map<Integer, Partial> build() {
        observations.replaceAll((key, list) -> {
            list.sort(Observation.ORDER);
            return List.copyOf(list);
        });
        return StateGroups.split(
                observations, stateGroups, group -> new AnomaliesPartial(PersistentMap.of(group), Partial.NO_TICK));
    }
}
