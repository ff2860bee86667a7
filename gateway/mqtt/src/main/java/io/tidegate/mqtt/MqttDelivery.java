package io.tidegate.mqtt;

/**
 * A message from the broker.
 *
 * @param payload not to be changed
 * @param qos 0 or 1; at 1 the broker waits for {@link MqttConnection#acknowledge}
 * @param retained whether it is an old value, played again to a new subscription
 * @param duplicate whether the broker says that it may have been delivered before (the DUP flag)
 * @param packetId what the acknowledgement names; 0 at QoS 0
 * @param connection which connection of this process it came through: packet ids mean nothing on another
 */
@SuppressWarnings("ArrayRecordComponent") // one allocation less per message; nobody compares deliveries
public record MqttDelivery(
        String topic, byte[] payload, int qos, boolean retained, boolean duplicate, int packetId, long connection) {}
