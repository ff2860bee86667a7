/**
 * The checkpoint folder: what is frozen in it, whether this start may continue it, and how it is set aside.
 *
 * <p>Uses Jackson. Used by {@code Main}'s start-up.
 */
@NullMarked
package io.tidegate.processor.checkpoint;

import org.jspecify.annotations.NullMarked;
