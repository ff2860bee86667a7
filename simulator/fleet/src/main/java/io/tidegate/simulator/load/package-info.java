/**
 * The command {@code simulator load}: it measures how many messages a bare subscriber, the gateway, and gateway and
 * processor take, and how long they take. The command line calls it. It calls {@code local} to start the programs, and
 * publishes over connections of its own, which cost less than those of a full client.
 */
@NullMarked
package io.tidegate.simulator.load;

import org.jspecify.annotations.NullMarked;
