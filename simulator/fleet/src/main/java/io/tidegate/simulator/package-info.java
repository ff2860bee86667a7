/**
 * The simulator's command line: {@code run} publishes a fleet, {@code watch} shows results, {@code demo} starts the
 * whole chain, {@code check} reads settings and says what is wrong with them.
 *
 * <p>Each command lives in the package of its feature; here are only {@code Main} and what all commands share.
 */
@NullMarked
package io.tidegate.simulator;

import org.jspecify.annotations.NullMarked;
