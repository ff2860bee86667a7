/**
 * MQTT 5 behind a small interface: a connection is used once and thrown away, every publish ends in the broker's answer,
 * every delivery is acknowledged by hand. {@link io.tidegate.mqtt.ReconnectingPublisher} keeps an outbox across connections.
 *
 * <p>Uses Eclipse Paho, which nobody else gets to see and whose known faults are walled in here. Used by the gateway's MQTT
 * sources and presence, the processor's results, the simulator.
 */
@NullMarked
package io.tidegate.mqtt;

import org.jspecify.annotations.NullMarked;
