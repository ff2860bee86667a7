package io.tidegate.processor.partial;

import io.tidegate.processor.math.Numbers;
import io.tidegate.processor.partial.WindowPartial.CellKey;
import io.tidegate.processor.partial.WindowPartial.Pane;
import io.tidegate.processor.persistent.PersistentMap;
import java.util.HashMap;
import java.util.Map;

/** Counts and adds up per key. */
final class WindowPartialBuilder implements PartialBuilder {

    private static final Pane NOTHING = new Pane(0, Numbers.EMPTY);

    private final int query;
    private final int stateGroups;
    private final Map<String, Pane> panes = new HashMap<>();

    WindowPartialBuilder(int query, int stateGroups) {
        this.query = query;
        this.stateGroups = stateGroups;
    }

    @Override
    public void add(String byKey, Observation event) {
        panes.put(byKey, panes.getOrDefault(byKey, NOTHING).plus(event));
    }

    @Override
    public Map<Integer, Partial> build() {
        return StateGroups.split(panes, stateGroups, this::partial);
    }

    private Partial partial(Map<String, Pane> group) {
        Map<CellKey, Pane> cells = new HashMap<>();
        group.forEach((key, pane) -> cells.put(new CellKey(query, key), pane));
        return new WindowPartial(PersistentMap.of(cells), Partial.NO_TICK);
    }
}
