package io.tidegate.processor.aggregate.windows;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.windows.WindowPartial.CellKey;
import io.tidegate.processor.aggregate.windows.WindowPartial.Pane;
import io.tidegate.processor.key.StateGroups;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.sketch.Distribution;
import io.tidegate.processor.sketch.Distribution.Spec;
import io.tidegate.processor.sketch.SummaryStatistics;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts and adds up per key: {@link WindowPartial}s for windows, top and counts. */
public final class WindowPartialBuilder implements PartialBuilder {

    private final int query;
    private final Spec spec;
    private final int stateGroups;
    private final Map<String, Key> keys = new HashMap<>();

    /**
     * For the events of a query.
     *
     * @param query the query's own index, which tells queries apart that share a window
     * @param spec what it asks for beside count and sum
     * @param stateGroups how many state groups there are
     */
    public WindowPartialBuilder(int query, Spec spec, int stateGroups) {
        this.query = query;
        this.spec = spec;
        this.stateGroups = stateGroups;
    }

    private static final class Key {
        /** Null when nobody asks: most windows count and add up, for many keys in every batch. */
        private final Distribution.@Nullable Builder distribution;

        private final boolean extremes;
        private long count;
        private SummaryStatistics values = SummaryStatistics.EMPTY;

        Key(Spec spec) {
            distribution = spec.isDistribution() ? new Distribution.Builder(spec) : null;
            extremes = spec.extremes();
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
    public void add(String byKey, InputEvent event) {
        keys.computeIfAbsent(byKey, key -> new Key(spec)).add(event.value());
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
