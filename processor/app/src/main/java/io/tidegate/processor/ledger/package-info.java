/**
 * What became of the events of a query: pulled = applied + late + filtered, per key group.
 *
 * <p>Called by the aggregates, which count, by {@code dstream}, which adds the counts up, and by {@code ops}, which shows
 * them. Calls {@code persistent}; pure.
 */
@NullMarked
package io.tidegate.processor.ledger;

import org.jspecify.annotations.NullMarked;
