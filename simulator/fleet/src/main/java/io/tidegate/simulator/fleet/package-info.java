/**
 * A fleet of simulated devices.
 *
 * <p>{@link io.tidegate.simulator.fleet.FleetPlan} is pure: the same settings, seed and start give the same bytes in the
 * same order. {@link io.tidegate.simulator.fleet.FleetRun} publishes a plan at its pace over MQTT and keeps a
 * {@link io.tidegate.simulator.fleet.Journal} of what the broker acknowledged. Tests of the whole chain use both, and
 * compare what came out with {@code io.tidegate.simulator.oracle}.
 */
@NullMarked
package io.tidegate.simulator.fleet;

import org.jspecify.annotations.NullMarked;
