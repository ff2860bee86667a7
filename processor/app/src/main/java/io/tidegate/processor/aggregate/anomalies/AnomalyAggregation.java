package io.tidegate.processor.aggregate.anomalies;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.StatefulAggregation;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Subject;

/**
 * An anomaly query.
 *
 * @param kind window, thresholds and the rest
 * @param maxKeys so many keys are kept in a state group at most; of more, those that were heard of longest ago are dropped
 */
public record AnomalyAggregation(Subject subject, QueryKind.Anomaly kind, int maxKeys)
        implements StatefulAggregation<AnomaliesState> {

    private static final long DAY_MS = 24L * 60 * 60 * 1000;

    @Override
    public PartialBuilder builder(int stateGroups) {
        return new AnomaliesPartialBuilder(stateGroups);
    }

    /** Only the state of a key knows which of its values are too old to be compared. */
    @Override
    public boolean decidesLateness() {
        return true;
    }

    @Override
    public AnomaliesState empty() {
        return AnomaliesState.EMPTY;
    }

    @Override
    public StateUpdate<AnomaliesState> advance(AnomaliesState before, Partial input, long batchMs) {
        return before.advance(input, batchMs, this);
    }

    /** How long after its last receipt a key is forgotten: a window, but at least a day. */
    long forgetAfterMs() {
        return Math.max(kind.windowMs(), DAY_MS);
    }
}
