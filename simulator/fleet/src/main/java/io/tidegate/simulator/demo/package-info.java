/**
 * {@code tidegate demo}: starts a system and a fleet, shows what they answer and what the oracle says about it, and stops
 * them, with one command.
 */
@NullMarked
package io.tidegate.simulator.demo;

import org.jspecify.annotations.NullMarked;
