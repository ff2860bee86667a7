/**
 * Sessions: events of a key that follow each other within a gap. Pure; time is the key's own and the tick's, never a clock.
 *
 * <p>Uses {@code partial}, {@code persistent}, {@code result}, {@code state}. Used by the Spark job.
 */
@NullMarked
package io.tidegate.processor.sessions;

import org.jspecify.annotations.NullMarked;
