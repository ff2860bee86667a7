package io.tidegate.processor.partial;

import java.util.Map;

/**
 * Reduces the events of one frame or partition, for one query, to a partial per state group. Mutable, for one task and
 * one thread; what it builds does not depend on the order of the additions.
 */
public interface PartialBuilder {

    /**
     * Adds an event under a key; under each of its keys when it has several.
     *
     * @param byKey canonical text ({@link ByKey#encode})
     */
    void add(String byKey, Observation event);

    /** What was added, by state group in ascending order; groups without events are absent. Call it once, at the end. */
    Map<Integer, Partial> build();

    /**
     * For windows, top and counts: {@link WindowPartial}.
     *
     * @param query the query's own index, which tells queries apart that share a window
     * @param wanted what it asks for beside count and sum
     * @param stateGroups how many state groups there are
     */
    static PartialBuilder windows(int query, Distribution.Wanted wanted, int stateGroups) {
        return new WindowPartialBuilder(query, wanted, stateGroups);
    }

    /** For totals: {@link TotalsPartial}. */
    static PartialBuilder totals(int stateGroups) {
        return new TotalsPartialBuilder(stateGroups);
    }

    /** For sessions: {@link SessionPartial}. */
    static PartialBuilder sessions(long gapMs, int stateGroups) {
        return new SessionPartialBuilder(gapMs, stateGroups);
    }
}
