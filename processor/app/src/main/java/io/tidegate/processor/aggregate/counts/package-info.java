/**
 * Counts: one batch by itself, the pane of a window as it is.
 *
 * <p>Called by {@code dstream}. Calls {@code aggregate.windows} and {@code result}; pure.
 */
@NullMarked
package io.tidegate.processor.aggregate.counts;

import org.jspecify.annotations.NullMarked;
