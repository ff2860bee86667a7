/**
 * {@code tidegate demo}: broker, gateway, processor and fleet as separate processes, started, watched and stopped by one
 * command. Each process is started through the launcher that started the demo, exactly as a person would start it.
 */
@NullMarked
package io.tidegate.simulator.demo;

import org.jspecify.annotations.NullMarked;
