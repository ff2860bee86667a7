/**
 * How events become results: an {@link io.tidegate.processor.aggregate.Aggregation} for each kind of query. A task reduces
 * the events of a batch to a {@link io.tidegate.processor.aggregate.Partial} per query and state group, and a state or a
 * window takes it in. What all kinds share is here; each kind has a package of its own below.
 *
 * <p>Called by {@code dstream} and, for sessions, by {@code structured}. Calls {@code persistent}, {@code ledger} and {@code
 * result}; pure.
 */
@NullMarked
package io.tidegate.processor.aggregate;

import org.jspecify.annotations.NullMarked;
