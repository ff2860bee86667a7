/**
 * Rankings: the keys with the most events in a window, per state group, then merged. Pure.
 *
 * <p>Uses {@code windows} and {@code result}. Used by the Spark job.
 */
@NullMarked
package io.tidegate.processor.top;

import org.jspecify.annotations.NullMarked;
