package io.tidegate.gateway.source;

import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;

/**
 * A message in our hands and not yet in the log.
 *
 * @param connection whom to acknowledge it to
 * @param stampMs the time of receipt
 */
record Received(MqttConnection connection, MqttDelivery delivery, long stampMs) {

    /** Tells the broker that it may forget the message; QoS 0 was never remembered. */
    void acknowledge() {
        if (delivery.qos() > 0) {
            connection.acknowledge(delivery);
        }
    }
}
