package io.tidegate.mqtt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** One Paho client for each connection (P1). */
final class PahoTransport implements MqttTransport {

    private static final AtomicLong EPOCHS = new AtomicLong();

    @Override
    public CompletableFuture<MqttConnection> connect(MqttEndpoint endpoint, MqttListener listener) {
        return new PahoConnection(endpoint, listener, EPOCHS.incrementAndGet()).connect();
    }
}
