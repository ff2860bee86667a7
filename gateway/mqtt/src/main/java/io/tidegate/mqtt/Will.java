package io.tidegate.mqtt;

import java.time.Duration;

/**
 * What the broker publishes, at QoS 1, when a connection ends without a goodbye.
 *
 * @param delay how long the broker waits for the client to come back first
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares wills
public record Will(String topic, byte[] payload, boolean retained, Duration delay) {}
