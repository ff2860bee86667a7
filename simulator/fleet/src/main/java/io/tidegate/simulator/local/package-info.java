/**
 * A system on this machine: its programs as processes on loopback, their ports, their folder and what their pages say.
 * The rooms {@code demo}, {@code verify} and {@code load} use it. It starts every process through {@code ./tidegate},
 * as a person does, and calls only {@code json}.
 */
@NullMarked
package io.tidegate.simulator.local;

import org.jspecify.annotations.NullMarked;
