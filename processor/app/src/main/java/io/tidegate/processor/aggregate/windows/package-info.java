/**
 * Windows by batch time with an inverse, so that a slide costs what enters and leaves and not what stays.
 *
 * <p>Called by {@code dstream}, {@code aggregate.top} and {@code aggregate.counts}. Calls {@code aggregate}, {@code sketch}
 * and {@code result}; pure.
 */
@NullMarked
package io.tidegate.processor.aggregate.windows;

import org.jspecify.annotations.NullMarked;
