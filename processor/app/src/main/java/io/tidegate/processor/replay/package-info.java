/**
 * A replay: the same queries over what the gateway retains, beside a live processor and without a trace in it.
 *
 * <p>Called by {@code Main}. Calls {@code dstream} under a clock of its own, {@code structured} and {@code settings}.
 */
@NullMarked
package io.tidegate.processor.replay;

import org.jspecify.annotations.NullMarked;
