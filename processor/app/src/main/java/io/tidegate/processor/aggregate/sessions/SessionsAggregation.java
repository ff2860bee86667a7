package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.StatefulAggregation;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Subject;

/**
 * A sessions query.
 *
 * @param gapMs two events of a key share a session when their times differ by this or less
 * @param allowedLatenessMs how far a key's watermark stays behind its greatest event time
 * @param emitEveryMs a session that merely grows is published at most once in this time (batch time); the batch interval
 *     or less means in every batch that changes it. What changes its state (opened, closed, merged) is published at once
 * @param forgetAfterMs a key without events for so long (by seenThrough) is forgotten, so that memory is bounded; at least
 *     gap and allowed lateness together, which is what a smaller value becomes
 * @param maxKeys so many keys are kept in a state group at most; of more, those that were heard of longest ago are dropped
 */
public record SessionsAggregation(
        Subject subject, long gapMs, long allowedLatenessMs, long emitEveryMs, long forgetAfterMs, int maxKeys)
        implements StatefulAggregation<SessionsState> {

    /** A day. */
    public static final long DEFAULT_FORGET_AFTER_MS = 24L * 60 * 60 * 1000;

    /** Without a bound for the number of keys. */
    public SessionsAggregation(
            Subject subject, long gapMs, long allowedLatenessMs, long emitEveryMs, long forgetAfterMs) {
        this(subject, gapMs, allowedLatenessMs, emitEveryMs, forgetAfterMs, Integer.MAX_VALUE);
    }

    /** Of a query of kind sessions. */
    public static SessionsAggregation of(Query query, int maxKeys) {
        QueryKind.Sessions kind = (QueryKind.Sessions) query.kind();
        return new SessionsAggregation(
                query.subject(),
                kind.gapMs(),
                kind.allowedLatenessMs(),
                kind.emitEveryMs(),
                DEFAULT_FORGET_AFTER_MS,
                maxKeys);
    }

    /** Raises {@code forgetAfterMs} to what closing by silence needs. */
    public SessionsAggregation {
        forgetAfterMs = Math.max(forgetAfterMs, gapMs + allowedLatenessMs);
    }

    /** The same with another {@code forgetAfterMs}. */
    public SessionsAggregation forgettingAfter(long ms) {
        return new SessionsAggregation(subject, gapMs, allowedLatenessMs, emitEveryMs, ms, maxKeys);
    }

    @Override
    public PartialBuilder builder(int stateGroups) {
        return new SessionsPartialBuilder(gapMs, stateGroups);
    }

    /** Only the state of a key knows how far the key's watermark has come. */
    @Override
    public boolean decidesLateness() {
        return true;
    }

    @Override
    public SessionsState empty() {
        return SessionsState.EMPTY;
    }

    @Override
    public StateUpdate<SessionsState> advance(SessionsState before, Partial input, long batchMs) {
        return before.advance(input, batchMs, this);
    }

    /** How long after its last receipt a session is closed by silence. */
    long silenceMs() {
        return gapMs + allowedLatenessMs;
    }
}
