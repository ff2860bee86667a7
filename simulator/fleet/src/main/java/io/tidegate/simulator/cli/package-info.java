/**
 * Options and types of options that several commands share. The commands of all rooms use them. They call only picocli
 * and the parser for HOCON.
 */
@NullMarked
package io.tidegate.simulator.cli;

import org.jspecify.annotations.NullMarked;
