/**
 * Scenarios: what devices and visitors send, what goes wrong, and when, in virtual time.
 *
 * <p>{@link io.tidegate.simulator.scenario.ScenarioReader} reads a file, {@link io.tidegate.simulator.scenario.ScenarioPlan}
 * turns it into steps and is pure: the same scenario gives the same bytes at the same virtual times.
 * {@link io.tidegate.simulator.scenario.ScenarioRun} takes the steps. What the answers must be is computed from the same
 * steps by {@code io.tidegate.simulator.oracle}.
 */
@NullMarked
package io.tidegate.simulator.scenario;

import org.jspecify.annotations.NullMarked;
