/**
 * Sessions: events of a key that follow each other within a gap. Time is the key's own and the tick's, never a clock.
 *
 * <p>Called by {@code dstream}, for all keys of a state group, and by {@code structured}, for one key at a time. Calls {@code
 * aggregate} and {@code result}; pure.
 */
@NullMarked
package io.tidegate.processor.aggregate.sessions;

import org.jspecify.annotations.NullMarked;
