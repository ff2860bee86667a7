/**
 * Scenarios: what devices and visitors send in virtual time, and what goes wrong with them.
 * {@link io.tidegate.simulator.scenario.ScenarioPlan} makes the steps of a scenario, each with the
 * {@link io.tidegate.simulator.scenario.Observation}s that its message carries, and
 * {@link io.tidegate.simulator.scenario.ScenarioRun} takes them; {@code run}, {@code verify} and {@code oracle} use
 * both. They call {@code fleet} for signals and connections and {@code web} for visitors.
 */
@NullMarked
package io.tidegate.simulator.scenario;

import org.jspecify.annotations.NullMarked;
