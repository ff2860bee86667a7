/**
 * Running totals: everything of a key since the beginning.
 *
 * <p>Called by {@code dstream}. Calls {@code aggregate}, {@code sketch} and {@code result}; pure.
 */
@NullMarked
package io.tidegate.processor.aggregate.totals;

import org.jspecify.annotations.NullMarked;
