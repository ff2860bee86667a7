package io.tidegate.gateway.ops.presence;

import akka.actor.typed.ActorRef;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import io.tidegate.mqtt.MqttListener;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One connection, from the attempt to make it until it is thrown away; one that comes too late is closed at once. */
final class PresenceConnection implements MqttListener {

    private final ActorRef<PresencePublisher.Command> publisher;
    private @Nullable MqttConnection connection;
    private boolean closed;

    PresenceConnection(ActorRef<PresencePublisher.Command> publisher) {
        this.publisher = publisher;
    }

    CompletableFuture<MqttConnection> keep(CompletableFuture<MqttConnection> coming) {
        return coming.thenApply(made -> {
            synchronized (this) {
                connection = made;
                if (!closed) {
                    return made;
                }
            }
            made.close();
            return made;
        });
    }

    void close() {
        MqttConnection made;
        synchronized (this) {
            closed = true;
            made = connection;
        }
        if (made != null) {
            made.close();
        }
    }

    /** Nothing is subscribed to. */
    @Override
    public void received(MqttConnection from, MqttDelivery delivery) {}

    @Override
    public void lost(String reason, int reasonCode) {
        publisher.tell(new PresencePublisher.Lost(this, true, reason));
    }
}
