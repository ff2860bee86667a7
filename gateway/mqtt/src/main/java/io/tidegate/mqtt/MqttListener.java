package io.tidegate.mqtt;

/**
 * Hears what a connection brings. Called on the connection's threads, one call at a time for {@link #received}; must only
 * enqueue: whoever blocks here stops the keep-alive. What it throws is logged, and a delivery stays unacknowledged.
 */
public interface MqttListener {

    /** No reason code came with the loss. */
    int NO_REASON_CODE = -1;

    /** A message; may come before the future of the connection is done, when the broker kept the session. */
    void received(MqttConnection connection, MqttDelivery delivery);

    /**
     * The connection is gone, and was not closed by us. Exactly once, only for a connection that was made.
     *
     * @param reasonCode of the broker's DISCONNECT, {@code 0x8E} for a take-over, or {@link #NO_REASON_CODE}
     */
    void lost(String reason, int reasonCode);
}
