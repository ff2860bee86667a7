/**
 * What is asked: a {@link io.tidegate.processor.query.Query} as a value, which is frozen in the checkpoint.
 *
 * <p>Called by every package behind this one. Calls the event model of the connector; pure.
 */
@NullMarked
package io.tidegate.processor.query;

import org.jspecify.annotations.NullMarked;
