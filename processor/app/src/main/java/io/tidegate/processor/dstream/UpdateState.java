package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.GroupState;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.StatefulAggregation;
import io.tidegate.processor.aggregate.ledger.LedgerState;
import io.tidegate.processor.key.QueryKey;
import org.apache.spark.api.java.Optional;
import org.apache.spark.api.java.function.Function4;
import org.apache.spark.streaming.State;
import org.apache.spark.streaming.Time;
import org.jspecify.annotations.Nullable;

/**
 * What {@code mapWithState} calls once per query, state group and batch: the tick sees to "every batch". How much a state may
 * hold is what the configuration of this start says, not what the one said that has made the graph.
 */
record UpdateState(JobPlan plan)
        implements Function4<Time, QueryKey, Optional<Partial>, State<GroupState>, Optional<BatchOutput>> {
    /** On the driver, for each task. */
    private Object writeReplace() {
        return new UpdateState(RunContext.bounded(plan));
    }

    @Override
    public Optional<BatchOutput> call(Time time, QueryKey key, Optional<Partial> input, State<GroupState> state) {
        GroupState before = state.exists() ? state.get() : null;
        StateUpdate<? extends GroupState> update = advance(key, before, input.get(), time.milliseconds());
        state.update(update.state());
        return Optional.of(new BatchOutput(
                key,
                update.results(),
                null,
                update.state().ledger(),
                update.state().stateSize()));
    }

    private StateUpdate<? extends GroupState> advance(
            QueryKey key, @Nullable GroupState before, Partial input, long batchMs) {
        if (key.stateGroup() == QueryKey.LEDGER_GROUP) {
            return (before == null ? LedgerState.EMPTY : (LedgerState) before).advance(input);
        }
        if (plan.aggregation(key.query()) instanceof StatefulAggregation<?> aggregation) {
            return advance(aggregation, before, input, batchMs);
        }
        throw new IllegalStateException("query " + plan.names().get(key.query()) + " keeps no state");
    }

    @SuppressWarnings("unchecked") // the state is what this aggregation made of it in the batch before
    private static <S extends GroupState> StateUpdate<S> advance(
            StatefulAggregation<S> aggregation, @Nullable GroupState before, Partial input, long batchMs) {
        return aggregation.advance(before == null ? aggregation.empty() : (S) before, input, batchMs);
    }
}
