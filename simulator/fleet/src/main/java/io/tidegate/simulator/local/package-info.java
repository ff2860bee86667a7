/**
 * A system on this machine: its programs as separate processes on loopback, their ports, their temporary folder and what
 * their pages say. Each process is started through the launcher, exactly as a person would start it. {@code demo},
 * {@code verify} and {@code load} use it; it knows nothing of them.
 */
@NullMarked
package io.tidegate.simulator.local;

import org.jspecify.annotations.NullMarked;
