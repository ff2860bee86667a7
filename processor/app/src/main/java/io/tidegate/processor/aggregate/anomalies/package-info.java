/**
 * Anomalies: a robust score for each value of a key, by what the key's values were in a window of event time before it.
 *
 * <p>Called by {@code dstream}. Calls {@code aggregate}, {@code ledger} and {@code result}; pure.
 */
@NullMarked
package io.tidegate.processor.aggregate.anomalies;

import org.jspecify.annotations.NullMarked;
