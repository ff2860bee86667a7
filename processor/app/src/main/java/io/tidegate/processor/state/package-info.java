/**
 * The common shape of what Spark keeps per query and state group: an immutable state that a batch advances.
 *
 * <p>Uses {@code partial} and {@code result}. Implemented by {@code sessions} and {@code totals}.
 */
@NullMarked
package io.tidegate.processor.state;

import org.jspecify.annotations.NullMarked;
