/**
 * What a query publishes: results with a deterministic id and a revision, and their form as a message (topic, retained
 * flag, JSON), as the published contract of the output topics says.
 *
 * <p>Called by the aggregates, which make results, and by {@code sink}, which delivers them. Calls {@code key}, {@code sketch}
 * and Jackson; pure.
 */
@NullMarked
package io.tidegate.processor.result;

import org.jspecify.annotations.NullMarked;
