/**
 * Simulated devices: {@link io.tidegate.simulator.fleet.FleetPlan} says which reading leaves when, and
 * {@link io.tidegate.simulator.fleet.FleetRun} publishes such a plan over MQTT. The rooms {@code scenario},
 * {@code web}, {@code run} and {@code demo} use them, and so do the tests of the whole chain. They call the MQTT client
 * of the product and no other room.
 */
@NullMarked
package io.tidegate.simulator.fleet;

import org.jspecify.annotations.NullMarked;
