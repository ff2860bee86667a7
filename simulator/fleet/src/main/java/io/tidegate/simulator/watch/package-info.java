/**
 * The command {@code watch}: it subscribes to results and prints each one as a readable line. The command line calls
 * it; {@code verify} and {@code demo} use its {@link io.tidegate.simulator.watch.BackgroundSubscription}. It calls the MQTT
 * client of the product and {@code json}.
 */
@NullMarked
package io.tidegate.simulator.watch;

import org.jspecify.annotations.NullMarked;
