/**
 * What the events of one frame come to, per query and state group, before anything is shuffled: partial aggregates with
 * an associative and commutative merge. One event is an {@code Observation}; a {@code PartialBuilder} turns observations
 * into partials; the tick of a batch is a partial as well.
 *
 * <p>Uses {@code math} and {@code persistent}. Used by the states, the windows and the Spark job.
 */
@NullMarked
package io.tidegate.processor.partial;

import org.jspecify.annotations.NullMarked;
