/**
 * The ledger of a query as a state like the others, so that a batch that runs again is not counted twice.
 *
 * <p>Called by {@code dstream}. Calls {@code ledger} and {@code aggregate}; pure.
 */
@NullMarked
package io.tidegate.processor.aggregate.ledger;

import org.jspecify.annotations.NullMarked;
