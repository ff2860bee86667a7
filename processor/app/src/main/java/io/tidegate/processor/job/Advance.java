package io.tidegate.processor.job;

import io.tidegate.processor.partial.Partial;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.query.Kind;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.sessions.SessionsSpec;
import io.tidegate.processor.sessions.SessionsState;
import io.tidegate.processor.state.GroupState;
import io.tidegate.processor.state.LedgerState;
import io.tidegate.processor.state.Step;
import io.tidegate.processor.totals.TotalsSpec;
import io.tidegate.processor.totals.TotalsState;
import org.apache.spark.api.java.Optional;
import org.apache.spark.api.java.function.Function4;
import org.apache.spark.streaming.State;
import org.apache.spark.streaming.Time;
import org.jspecify.annotations.Nullable;

/**
 * What {@code mapWithState} calls once per query, state group and batch: the tick sees to "every batch". How much a state may
 * hold is what the configuration of this start says, not what the one said that has made the graph.
 */
final class Advance implements Function4<Time, QueryKey, Optional<Partial>, State<GroupState>, Optional<Outcome>> {
    private static final long serialVersionUID = 1;

    private final Plan plan;

    Advance(Plan plan) {
        this.plan = plan;
    }

    /** On the driver, for each task. */
    private Object writeReplace() {
        return new Advance(ThisStart.bounded(plan));
    }

    @Override
    public Optional<Outcome> call(Time time, QueryKey key, Optional<Partial> input, State<GroupState> state) {
        GroupState before = state.exists() ? state.get() : null;
        Step<? extends GroupState> step = step(time.milliseconds(), key, input.get(), before);
        state.update(step.state());
        return Optional.of(new Outcome(
                key, step.results(), step.state().ledger(), step.state().held()));
    }

    private Step<? extends GroupState> step(long batchMs, QueryKey key, Partial input, @Nullable GroupState before) {
        if (key.stateGroup() == QueryKey.LEDGER_GROUP) {
            return (before == null ? LedgerState.EMPTY : (LedgerState) before).advance(input);
        }
        Query query = plan.queries().get(key.query());
        if (query.kind() instanceof Kind.Sessions kind) {
            SessionsState sessions = before == null ? SessionsState.EMPTY : (SessionsState) before;
            return sessions.advance(input, batchMs, spec(query, kind));
        }
        if (query.kind() instanceof Kind.Totals kind) {
            TotalsState totals = before == null ? TotalsState.EMPTY : (TotalsState) before;
            return totals.advance(input, batchMs, spec(query, kind));
        }
        throw new IllegalStateException("query " + query.name() + " keeps no state");
    }

    private TotalsSpec spec(Query query, Kind.Totals kind) {
        return new TotalsSpec(query.subject(), kind.emitEveryMs(), share(kind.maxKeys()), kind.forgetAfterMs());
    }

    /** Of a state group: keys are dealt to all alike, by their hash. */
    private int share(long maxKeys) {
        return (int) Math.min(Integer.MAX_VALUE, (maxKeys - 1) / plan.stateGroups() + 1);
    }

    private SessionsSpec spec(Query query, Kind.Sessions kind) {
        return new SessionsSpec(
                query.subject(),
                kind.gapMs(),
                kind.allowedLatenessMs(),
                kind.emitEveryMs(),
                SessionsSpec.DEFAULT_FORGET_AFTER_MS,
                share(kind.maxKeys()));
    }
}
