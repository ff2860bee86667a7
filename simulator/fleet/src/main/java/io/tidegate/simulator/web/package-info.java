/**
 * Simulated web traffic: {@link io.tidegate.simulator.web.WebPlan} and {@link io.tidegate.simulator.web.LogReplay} say
 * which line of an access log leaves when, and {@link io.tidegate.simulator.web.WebRun} sends such lines into a
 * {@link io.tidegate.simulator.web.LineSink}. The rooms {@code scenario}, {@code run} and {@code demo} use them. They
 * call {@code fleet} for the pace and for connections over MQTT.
 */
@NullMarked
package io.tidegate.simulator.web;

import org.jspecify.annotations.NullMarked;
