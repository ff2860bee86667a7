package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.GroupState;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.ledger.LedgerState;
import io.tidegate.processor.aggregate.sessions.SessionsSpec;
import io.tidegate.processor.aggregate.sessions.SessionsState;
import io.tidegate.processor.aggregate.totals.TotalsSpec;
import io.tidegate.processor.aggregate.totals.TotalsState;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
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
        StateUpdate<? extends GroupState> update = update(time.milliseconds(), key, input.get(), before);
        state.update(update.state());
        return Optional.of(new BatchOutput(
                key, update.results(), update.state().ledger(), update.state().stateSize()));
    }

    private StateUpdate<? extends GroupState> update(
            long batchMs, QueryKey key, Partial input, @Nullable GroupState before) {
        if (key.stateGroup() == QueryKey.LEDGER_GROUP) {
            return (before == null ? LedgerState.EMPTY : (LedgerState) before).advance(input);
        }
        Query query = plan.queries().get(key.query());
        if (query.kind() instanceof QueryKind.Sessions kind) {
            SessionsState sessions = before == null ? SessionsState.EMPTY : (SessionsState) before;
            return sessions.advance(input, batchMs, SessionsSpec.of(query, share(kind.maxKeys())));
        }
        if (query.kind() instanceof QueryKind.Totals kind) {
            TotalsState totals = before == null ? TotalsState.EMPTY : (TotalsState) before;
            return totals.advance(input, batchMs, spec(query, kind));
        }
        throw new IllegalStateException("query " + query.name() + " keeps no state");
    }

    private TotalsSpec spec(Query query, QueryKind.Totals kind) {
        return new TotalsSpec(query.subject(), kind.emitEveryMs(), share(kind.maxKeys()), kind.forgetAfterMs());
    }

    /** Of a state group: keys are dealt to all alike, by their hash. */
    private int share(long maxKeys) {
        return (int) Math.min(Integer.MAX_VALUE, (maxKeys - 1) / plan.stateGroups() + 1);
    }
}
