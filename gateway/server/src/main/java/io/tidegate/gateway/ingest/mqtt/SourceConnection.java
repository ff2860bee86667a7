package io.tidegate.gateway.ingest.mqtt;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.stream.Materializer;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import io.tidegate.mqtt.MqttListener;
import io.tidegate.mqtt.MqttTransport;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One connection with its stream and its receipts, from the attempt to make it until it is thrown away. The connection's
 * thread tells it what comes in, the actor closes it; thread-safe.
 */
final class SourceConnection implements MqttListener {

    private final ActorRef<MqttSource.Command> source;
    private final MqttSourceSettings settings;
    private final Receipts receipts;
    private final MqttIngest ingest;
    private @Nullable MqttConnection connection;
    private boolean closed;
    private volatile boolean received;

    /** A stream that runs and waits for a connection. */
    SourceConnection(
            ActorContext<MqttSource.Command> context,
            MqttSourceSettings settings,
            MqttSource.Environment environment,
            MqttMeters meters) {
        this.source = context.getSelf();
        this.settings = settings;
        this.receipts = environment.seen().register(settings.name());
        Materializer materializer = Materializer.createMaterializer(context);
        this.ingest = new MqttIngest(materializer, settings, environment, receipts, meters);
        meters.receipts.set(receipts);
    }

    /** Connects; a connection that comes after {@link #close} is closed at once. */
    CompletableFuture<MqttConnection> connect(MqttTransport transport) {
        return transport.connect(settings.endpoint(), this).thenApply(made -> {
            keep(made);
            return made;
        });
    }

    private synchronized void keep(MqttConnection made) {
        connection = made;
        if (closed) {
            made.close();
        }
    }

    MqttIngest ingest() {
        return ingest;
    }

    /** Whether the broker has delivered anything. */
    boolean hasReceived() {
        return received;
    }

    /** From now on time does not stand still because of this source. */
    void subscribed() {
        receipts.connected();
    }

    /** What is in our hands is still acknowledged; what comes now is not taken and comes again another day. */
    void stopReceiving() {
        receipts.disconnected();
        ingest.complete();
    }

    /** Throws the connection away; what is in our hands still goes to the log. Idempotent. */
    void close() {
        stopReceiving();
        MqttConnection made;
        synchronized (this) {
            closed = true;
            made = connection;
        }
        if (made != null) {
            made.close();
        }
    }

    @Override
    public void received(MqttConnection from, MqttDelivery delivery) {
        received = true;
        ingest.receive(from, delivery);
    }

    @Override
    public void lost(String reason, int reasonCode) {
        source.tell(new MqttSource.Lost(this, reason, reasonCode));
    }
}
