/**
 * Windows by batch time with an inverse, so that a slide costs what enters and leaves and not what stays; and the counts
 * of one batch alone. Pure.
 *
 * <p>Uses {@code partial}, {@code persistent}, {@code math}, {@code result}. Used by {@code top} and the Spark job.
 */
@NullMarked
package io.tidegate.processor.windows;

import org.jspecify.annotations.NullMarked;
