/**
 * Rankings: the keys with the most events in a window, per state group, then merged.
 *
 * <p>Called by {@code dstream}. Calls {@code aggregate.windows} and {@code result}; pure.
 */
@NullMarked
package io.tidegate.processor.aggregate.top;

import org.jspecify.annotations.NullMarked;
