package io.tidegate.spark.sink.mqtt;

import java.io.Serializable;

/**
 * What is published, with QoS 1.
 *
 * @param topic no wildcards
 * @param payload not to be changed afterwards
 * @param retained whether the broker keeps it as the topic's last
 */
@SuppressWarnings("ArrayRecordComponent") // messages are passed on, never compared
public record MqttMessage(String topic, byte[] payload, boolean retained) implements Serializable {}
