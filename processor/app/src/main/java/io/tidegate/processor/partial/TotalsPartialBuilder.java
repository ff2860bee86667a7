package io.tidegate.processor.partial;

import io.tidegate.processor.persistent.PersistentMap;
import java.util.HashMap;
import java.util.Map;

/** Adds up per key. */
final class TotalsPartialBuilder implements PartialBuilder {

    private final int stateGroups;
    private final Map<String, Total> totals = new HashMap<>();

    TotalsPartialBuilder(int stateGroups) {
        this.stateGroups = stateGroups;
    }

    @Override
    public void add(String byKey, Observation event) {
        totals.merge(byKey, Total.of(event), Total::merge);
    }

    @Override
    public Map<Integer, Partial> build() {
        return StateGroups.split(
                totals, stateGroups, group -> new TotalsPartial(PersistentMap.of(group), Partial.NO_TICK));
    }
}
