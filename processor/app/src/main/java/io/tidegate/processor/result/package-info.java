/**
 * What a query publishes: results with a deterministic id and a revision, and their form as a message (topic, retained
 * flag, JSON), exactly as the published contract of the output topics says.
 *
 * <p>Uses the canonical keys of {@code partial} and Jackson. Used by the states, the windows and the sinks.
 */
@NullMarked
package io.tidegate.processor.result;

import org.jspecify.annotations.NullMarked;
