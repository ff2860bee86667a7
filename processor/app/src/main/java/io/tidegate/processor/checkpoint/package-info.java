/**
 * The checkpoint folder: what is frozen in it, whether this start may continue it, how it is set aside, and how Spark's
 * files in it are written.
 *
 * <p>Called by {@code Processor} and {@code settings}. Calls Jackson and Hadoop.
 */
@NullMarked
package io.tidegate.processor.checkpoint;

import org.jspecify.annotations.NullMarked;
