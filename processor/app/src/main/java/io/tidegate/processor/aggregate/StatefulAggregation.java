package io.tidegate.processor.aggregate;

/**
 * An aggregation whose results follow from all batches so far.
 *
 * @param <S> what is kept for a state group
 */
public interface StatefulAggregation<S extends GroupState> extends Aggregation {

    /** The state before the first batch. */
    S empty();

    /**
     * The state after a batch, and what is to be published.
     *
     * @param input the merged partials and the tick of the batch, or the tick alone
     * @param batchMs the batch's time, epoch milliseconds; greater than that of the batch before
     * @throws IllegalArgumentException when the partial is one of another kind of query
     */
    StateUpdate<S> advance(S before, Partial input, long batchMs);
}
