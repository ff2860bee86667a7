/**
 * The checkpoint folder: what is frozen in it, whether this start may continue it, how it is set aside, and how its files are
 * written.
 *
 * <p>Uses Jackson and Hadoop. Used by {@code Main}'s start-up.
 */
@NullMarked
package io.tidegate.processor.checkpoint;

import org.jspecify.annotations.NullMarked;
