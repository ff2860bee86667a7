package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Subject;
import java.io.Serializable;

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
public record SessionsSpec(
        Subject subject, long gapMs, long allowedLatenessMs, long emitEveryMs, long forgetAfterMs, int maxKeys)
        implements Serializable {

    /** A day. */
    public static final long DEFAULT_FORGET_AFTER_MS = 24L * 60 * 60 * 1000;

    /** Without a bound for the number of keys. */
    public SessionsSpec(Subject subject, long gapMs, long allowedLatenessMs, long emitEveryMs, long forgetAfterMs) {
        this(subject, gapMs, allowedLatenessMs, emitEveryMs, forgetAfterMs, Integer.MAX_VALUE);
    }

    /** Of a query of kind sessions. */
    public static SessionsSpec of(Query query, int maxKeys) {
        QueryKind.Sessions kind = (QueryKind.Sessions) query.kind();
        return new SessionsSpec(
                query.subject(),
                kind.gapMs(),
                kind.allowedLatenessMs(),
                kind.emitEveryMs(),
                DEFAULT_FORGET_AFTER_MS,
                maxKeys);
    }

    /** Raises {@code forgetAfterMs} to what closing by silence needs. */
    public SessionsSpec {
        forgetAfterMs = Math.max(forgetAfterMs, gapMs + allowedLatenessMs);
    }

    /** The same with another {@code forgetAfterMs}. */
    public SessionsSpec forgettingAfter(long ms) {
        return new SessionsSpec(subject, gapMs, allowedLatenessMs, emitEveryMs, ms, maxKeys);
    }

    /** How long after its last receipt a session is closed by silence. */
    long silenceMs() {
        return gapMs + allowedLatenessMs;
    }
}
