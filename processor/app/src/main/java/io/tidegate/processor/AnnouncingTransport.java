package io.tidegate.processor;

import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttListener;
import io.tidegate.mqtt.MqttTransport;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes one retained message on every connection that it makes, before anybody else can use the connection. So what
 * the last will of the connection before has said is taken back however short the time between the two was.
 */
final class AnnouncingTransport implements MqttTransport {

    private static final Logger LOG = LoggerFactory.getLogger(AnnouncingTransport.class);

    private final MqttTransport transport;
    private final String topic;
    private final Supplier<byte[]> payload;

    /** @param payload asked for each connection anew */
    AnnouncingTransport(MqttTransport transport, String topic, Supplier<byte[]> payload) {
        this.transport = transport;
        this.topic = topic;
        this.payload = payload;
    }

    @Override
    public CompletableFuture<MqttConnection> connect(MqttEndpoint endpoint, MqttListener listener) {
        return transport.connect(endpoint, listener).thenApply(connection -> {
            var unused = connection.publish(topic, payload.get(), true).exceptionally(failure -> {
                LOG.warn("{}: not published on a new connection: {}", topic, failure.toString());
                return null;
            });
            return connection;
        });
    }
}
