/**
 * From bytes to events: which decoder a topic gets, what the payload says, when it happened, and, when it says nothing
 * sensible, why not. Pure functions over values: no clock, no log, no actor, any thread.
 *
 * <p>Bad input is a value ({@link io.tidegate.gateway.decode.Decoded.Rejected} with a reason from a bounded set), never
 * an exception. Uses the event model and Jackson's streaming parser; used by {@code source}.
 */
@NullMarked
package io.tidegate.gateway.decode;

import org.jspecify.annotations.NullMarked;
