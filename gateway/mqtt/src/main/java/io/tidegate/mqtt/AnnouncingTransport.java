package io.tidegate.mqtt;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes retained messages on every connection that it makes, before anybody else can use the connection. So what the
 * last will of the connection before has said is taken back however short the time between the two was.
 */
public final class AnnouncingTransport implements MqttTransport {

    private static final Logger LOG = LoggerFactory.getLogger(AnnouncingTransport.class);

    private final MqttTransport transport;
    private final Supplier<Map<String, byte[]>> messages;

    /** @param messages payloads by topic; asked for each connection anew, on the connection's thread */
    public AnnouncingTransport(MqttTransport transport, Supplier<Map<String, byte[]>> messages) {
        this.transport = transport;
        this.messages = messages;
    }

    @Override
    public CompletableFuture<MqttConnection> connect(MqttEndpoint endpoint, MqttListener listener) {
        return transport.connect(endpoint, listener).thenApply(connection -> {
            messages.get().forEach((topic, payload) -> {
                var unused = connection.publish(topic, payload, true).exceptionally(failure -> {
                    LOG.warn("{}: not published on a new connection: {}", topic, failure.toString());
                    return null;
                });
            });
            return connection;
        });
    }
}
