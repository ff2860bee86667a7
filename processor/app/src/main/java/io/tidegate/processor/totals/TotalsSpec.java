package io.tidegate.processor.totals;

import io.tidegate.processor.result.Subject;
import java.io.Serializable;

/**
 * A totals query.
 *
 * @param emitEveryMs a key is published at most once in this time (batch time); the batch interval or less means in every
 *     batch that changes it
 */
public record TotalsSpec(Subject subject, long emitEveryMs) implements Serializable {}
