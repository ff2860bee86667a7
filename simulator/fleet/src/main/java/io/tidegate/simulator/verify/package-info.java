/**
 * The command {@code simulator verify}: it plays a scenario to a system and compares the results that it receives with
 * those that the oracle expects. The command line calls it, and {@code demo} uses its comparison. It calls
 * {@code scenario} to send, {@code watch} to receive, {@code oracle} for what is expected and {@code local} for a
 * system of its own.
 */
@NullMarked
package io.tidegate.simulator.verify;

import org.jspecify.annotations.NullMarked;
