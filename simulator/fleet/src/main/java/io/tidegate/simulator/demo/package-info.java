/**
 * The command {@code demo}: it starts a system and a fleet, shows their results and what the oracle says about them,
 * and stops them. The command line calls it. It calls {@code local} to start programs, {@code watch} to receive,
 * {@code verify} and {@code oracle} to compare.
 */
@NullMarked
package io.tidegate.simulator.demo;

import org.jspecify.annotations.NullMarked;
