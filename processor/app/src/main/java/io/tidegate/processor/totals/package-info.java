/**
 * Running totals per key. Pure.
 *
 * <p>Uses {@code partial}, {@code persistent}, {@code result}, {@code state}. Used by the Spark job.
 */
@NullMarked
package io.tidegate.processor.totals;

import org.jspecify.annotations.NullMarked;
