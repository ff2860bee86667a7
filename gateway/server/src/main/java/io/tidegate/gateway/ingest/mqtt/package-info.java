/**
 * Events from MQTT brokers: an {@link io.tidegate.gateway.ingest.mqtt.MqttSource} actor owns one connection and its stream
 * {@link io.tidegate.gateway.ingest.mqtt.MqttIngest}, in which a message is decoded, admitted, and acknowledged in the order
 * of receipt after the fsync, never before.
 *
 * <p>Called by the guardian. Calls {@code decode}, {@code admission} and {@code io.tidegate.mqtt}.
 */
@NullMarked
package io.tidegate.gateway.ingest.mqtt;

import org.jspecify.annotations.NullMarked;
