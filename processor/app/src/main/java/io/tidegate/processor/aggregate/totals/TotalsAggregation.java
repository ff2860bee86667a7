package io.tidegate.processor.aggregate.totals;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.StatefulAggregation;
import io.tidegate.processor.query.Subject;

/**
 * A totals query.
 *
 * @param emitEveryMs a key is published at most once in this time (batch time); the batch interval or less means in every
 *     batch that changes it
 * @param maxKeys so many keys are kept in a state group at most; of more, those that changed longest ago are dropped
 * @param forgetAfterMs a key that has not changed for so long (by seenThrough) is forgotten
 */
public record TotalsAggregation(Subject subject, long emitEveryMs, int maxKeys, long forgetAfterMs)
        implements StatefulAggregation<TotalsState> {

    /** For {@code forgetAfterMs}: keys are kept as long as there is room. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Without a bound. */
    public TotalsAggregation(Subject subject, long emitEveryMs) {
        this(subject, emitEveryMs, Integer.MAX_VALUE, NEVER);
    }

    @Override
    public PartialBuilder builder(int stateGroups) {
        return new TotalsPartialBuilder(stateGroups);
    }

    @Override
    public TotalsState empty() {
        return TotalsState.EMPTY;
    }

    @Override
    public StateUpdate<TotalsState> advance(TotalsState before, Partial input, long batchMs) {
        return before.advance(input, batchMs, this);
    }
}
