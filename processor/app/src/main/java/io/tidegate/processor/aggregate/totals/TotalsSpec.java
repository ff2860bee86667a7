package io.tidegate.processor.aggregate.totals;

import io.tidegate.processor.query.Subject;
import java.io.Serializable;

/**
 * A totals query.
 *
 * @param emitEveryMs a key is published at most once in this time (batch time); the batch interval or less means in every
 *     batch that changes it
 * @param maxKeys so many keys are kept in a state group at most; of more, those that changed longest ago are dropped
 * @param forgetAfterMs a key that has not changed for so long (by seenThrough) is forgotten
 */
public record TotalsSpec(Subject subject, long emitEveryMs, int maxKeys, long forgetAfterMs) implements Serializable {

    /** For {@code forgetAfterMs}: keys are kept as long as there is room. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Without a bound. */
    public TotalsSpec(Subject subject, long emitEveryMs) {
        this(subject, emitEveryMs, Integer.MAX_VALUE, NEVER);
    }
}
