package io.tidegate.processor.aggregate;

import java.io.Serializable;

/**
 * How the events of one query become its results; there is one for each kind of query. Tasks reduce the events of a batch
 * to {@link Partial}s, which merge in any order; what takes them in is a state ({@link StatefulAggregation}), a window, or
 * the batch alone. Immutable, serializable and pure: any thread, any engine.
 */
public interface Aggregation extends Serializable {

    /**
     * An empty reducer for a task.
     *
     * @param stateGroups how many state groups there are
     */
    PartialBuilder builder(int stateGroups);

    /** Whether the state decides which events are late. Otherwise a task knows that each event that it adds is applied. */
    default boolean decidesLateness() {
        return false;
    }
}
