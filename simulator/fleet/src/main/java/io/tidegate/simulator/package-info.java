/**
 * The command line of the simulator: it names the subcommands and ends the process with their exit code. The script
 * {@code ./tidegate} calls it. It calls the command of each room: {@code run}, {@code verify}, {@code load},
 * {@code watch} and {@code demo}.
 */
@NullMarked
package io.tidegate.simulator;

import org.jspecify.annotations.NullMarked;
