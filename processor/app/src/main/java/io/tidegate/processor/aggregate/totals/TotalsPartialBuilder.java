package io.tidegate.processor.aggregate.totals;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.key.StateGroups;
import io.tidegate.processor.persistent.PersistentMap;
import java.util.HashMap;
import java.util.Map;

/** Adds up per key: {@link TotalsPartial}s. */
public final class TotalsPartialBuilder implements PartialBuilder {

    private final int stateGroups;
    private final Map<String, KeyTotal> totals = new HashMap<>();

    /** For so many state groups. */
    public TotalsPartialBuilder(int stateGroups) {
        this.stateGroups = stateGroups;
    }

    @Override
    public void add(String byKey, InputEvent event) {
        totals.merge(byKey, KeyTotal.of(event), KeyTotal::merge);
    }

    @Override
    public Map<Integer, Partial> build() {
        return StateGroups.split(
                totals, stateGroups, group -> new TotalsPartial(PersistentMap.of(group), Partial.NO_TICK));
    }
}
