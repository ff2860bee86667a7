/**
 * {@code tidegate watch}: subscribes to result topics and prints each result as one readable line.
 *
 * <p>{@link io.tidegate.simulator.watch.ResultLine} is pure (a topic and a payload in, a line out);
 * {@link io.tidegate.simulator.watch.ResultFeed} keeps the subscription across broken connections. The demo uses both.
 */
@NullMarked
package io.tidegate.simulator.watch;

import org.jspecify.annotations.NullMarked;
