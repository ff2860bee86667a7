package io.tidegate.mqtt;

import java.util.concurrent.CompletableFuture;

/** Makes connections, and hides the client library that is below. Thread-safe. */
public interface MqttTransport {

    /**
     * Connects once; does not block and does not try again.
     *
     * @return the connection; fails with {@link RefusedException} when the broker refused it, with
     *     {@link ConnectionLostException} when there was no answer within the endpoint's connect time-out
     */
    CompletableFuture<MqttConnection> connect(MqttEndpoint endpoint, MqttListener listener);

    /** Eclipse Paho, a client for each connection (P1). */
    static MqttTransport paho() {
        return (endpoint, listener) -> new PahoConnection(endpoint, listener).connect();
    }
}
