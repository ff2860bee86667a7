package io.tidegate.mqtt;

import java.util.concurrent.CompletableFuture;

/** Makes connections; the one door to whichever client library is below. Thread-safe. */
public interface MqttTransport {

    /**
     * Connects once; does not block and does not try again.
     *
     * @return the connection; fails with {@link RefusedException} when the broker refused it, with
     *     {@link ConnectionLostException} when there was no answer within the endpoint's connect time-out
     */
    CompletableFuture<MqttConnection> connect(MqttEndpoint endpoint, MqttListener listener);

    /** Eclipse Paho. */
    static MqttTransport paho() {
        return new PahoTransport();
    }
}
