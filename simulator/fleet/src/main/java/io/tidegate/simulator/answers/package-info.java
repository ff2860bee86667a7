/**
 * The oracle of scenarios: what the answers of a configuration's queries must be, computed from the steps of a scenario
 * alone, all at once and without regard to speed. It shares no code with gateway or processor, so that a mistake there
 * can't hide here. {@link io.tidegate.simulator.answers.World} says what becomes of what is sent,
 * {@link io.tidegate.simulator.answers.JudgedQuery} what is asked, {@link io.tidegate.simulator.answers.Expected} what
 * is to be answered.
 */
@NullMarked
package io.tidegate.simulator.answers;

import org.jspecify.annotations.NullMarked;
