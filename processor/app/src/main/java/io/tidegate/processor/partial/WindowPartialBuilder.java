package io.tidegate.processor.partial;

import io.tidegate.processor.math.Numbers;
import io.tidegate.processor.partial.Distribution.Wanted;
import io.tidegate.processor.partial.WindowPartial.CellKey;
import io.tidegate.processor.partial.WindowPartial.Pane;
import io.tidegate.processor.persistent.PersistentMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts and adds up per key. */
final class WindowPartialBuilder implements PartialBuilder {

    private final int query;
    private final Wanted wanted;
    private final int stateGroups;
    private final Map<String, Key> keys = new HashMap<>();

    WindowPartialBuilder(int query, Wanted wanted, int stateGroups) {
        this.query = query;
        this.wanted = wanted;
        this.stateGroups = stateGroups;
    }

    private static final class Key {
        /** Null when nobody asks: most windows count and add up, for many keys in every batch. */
        private final Distribution.@Nullable Builder distribution;

        private final boolean extremes;
        private long count;
        private Numbers values = Numbers.EMPTY;

        Key(Wanted wanted) {
            distribution = wanted.isDistribution() ? new Distribution.Builder(wanted) : null;
            extremes = wanted.extremes();
        }

        void add(@Nullable Double value) {
            count++;
            if (value != null) {
                values = values.plus(value);
                if (distribution != null) {
                    distribution.add(value);
                }
            }
        }

        Pane pane() {
            return new Pane(
                    count,
                    extremes ? values : values.withoutExtremes(),
                    distribution == null ? Distribution.NONE : distribution.build());
        }
    }

    @Override
    public void add(String byKey, Observation event) {
        keys.computeIfAbsent(byKey, key -> new Key(wanted)).add(event.value());
    }

    @Override
    public Map<Integer, Partial> build() {
        return StateGroups.split(keys, stateGroups, this::partial);
    }

    private Partial partial(Map<String, Key> group) {
        Map<CellKey, Pane> cells = new HashMap<>();
        group.forEach((key, its) -> cells.put(new CellKey(query, key), its.pane()));
        return new WindowPartial(PersistentMap.of(cells), Partial.NO_TICK);
    }
}
