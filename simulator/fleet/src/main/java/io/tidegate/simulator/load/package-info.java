/**
 * What the chain does when it is asked for all it can: {@code tidegate simulator load}.
 *
 * <p>One broker, three things behind it, one after the other: a subscriber that only receives, the gateway, and the gateway
 * with a processor. {@link io.tidegate.simulator.load.LoadRun} measures them with the same
 * {@link io.tidegate.simulator.load.LoadPublisher}, and with the same clock.
 */
@NullMarked
package io.tidegate.simulator.load;

import org.jspecify.annotations.NullMarked;
