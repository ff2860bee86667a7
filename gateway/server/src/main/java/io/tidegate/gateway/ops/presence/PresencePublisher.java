package io.tidegate.gateway.ops.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.ops.presence.PresenceTopics.GatewayState;
import io.tidegate.mqtt.AnnouncingTransport;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectingPublisher;
import io.tidegate.mqtt.Will;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Publishes, retained, the presence of devices, the gateway's ledger and the gateway's own status. Presence is at least once,
 * of each device the newest; memory is bounded by the number of devices. At most {@value #IN_FLIGHT} messages are under way.
 * A message that the broker refuses for good is logged and dropped. A publisher starts with all that the log knows, since
 * nobody knows what a broker still remembers. Every connection begins with the status and the ledger.
 *
 * <p>Object-style: it owns a map of what is pending. Its last act may wait for the broker for {@value #LAST_SECONDS} seconds.
 */
public final class PresencePublisher {

    /** What can be told to the publisher. */
    public sealed interface Command {}

    /** These are durable: publish them. */
    public record Announce(List<Presence> presence) implements Command {}

    /** This is what the ledger says now, as JSON. */
    public record LedgerSays(String json) implements Command {}

    /** Say that the gateway was stopped on purpose, then end. */
    public enum Stop implements Command {
        /** The only one. */
        STOP
    }

    // Told by ourselves only.
    record Published(
            String key, Supplier<Message> message, @Nullable Throwable failure) implements Command {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(String topic, byte[] payload) {}

    /** Less than any broker's receive-maximum of note, so that a publish never waits for room. */
    static final int IN_FLIGHT = 16;

    static final int LAST_SECONDS = 2;

    /** No device is called so. */
    private static final String LEDGER = "";

    private final ActorContext<Command> context;
    private final PresenceTopics topics;
    private final Clock clock;
    private final ReconnectingPublisher publisher;
    private final Logger log;

    // What is not acknowledged yet, by device: its newest, which becomes a message when it is sent. And of whom one is
    // under way.
    private final Map<String, Supplier<Message>> pending = new LinkedHashMap<>();
    private final Set<String> underWay = new HashSet<>();
    private volatile byte[] ledger = {};

    private PresencePublisher(ActorContext<Command> context, Settings settings) {
        this.context = context;
        this.topics = new PresenceTopics(settings.gateway(), settings.version());
        this.clock = settings.clock();
        this.log = context.getLog();
        this.publisher = ReconnectingPublisher.start(
                new AnnouncingTransport(settings.transport(), this::announcement),
                settings.endpoint()
                        .withWill(new Will(topics.statusTopic(), status(GatewayState.OFFLINE), true, Duration.ZERO)),
                // Room for what is under way and the last word, so that nobody waits.
                ReconnectingPublisher.Settings.withCapacity(IN_FLIGHT + 1)
                        .withCloseTimeout(Duration.ofSeconds(LAST_SECONDS)));
    }

    /**
     * What a publisher needs of the gateway.
     *
     * @param endpoint where and as whom it connects; the last will is added here
     * @param gateway the gateway's id
     */
    public record Settings(
            MqttTransport transport, MqttEndpoint endpoint, String gateway, String version, Clock clock) {}

    /**
     * A publisher that connects at once.
     *
     * @param known all that the log knows; asked again when the publisher is restarted
     */
    public static Behavior<Command> create(Settings settings, Supplier<List<Presence>> known) {
        return Behaviors.setup(context -> {
            // First what may fail: a publisher that has been started has to be closed.
            List<Presence> all = known.get();
            return new PresencePublisher(context, settings).publishing(all);
        });
    }

    private Behavior<Command> publishing(List<Presence> known) {
        publish(known);
        return Behaviors.receive(Command.class)
                .onMessage(Announce.class, announce -> publish(announce.presence()))
                .onMessage(LedgerSays.class, this::onLedger)
                .onMessage(Published.class, this::onPublished)
                .onMessage(Stop.class, stop -> onStop())
                .onSignal(PreRestart.class, signal -> close())
                .onSignal(PostStop.class, signal -> close())
                .build();
    }

    private Behavior<Command> publish(List<Presence> presence) {
        presence.forEach(of -> pending.put(
                of.device(), () -> new Message(PresenceTopics.topicOf(of.device()), PresenceTopics.bodyOf(of))));
        return publishPending();
    }

    private Behavior<Command> onLedger(LedgerSays says) {
        ledger = says.json().getBytes(UTF_8);
        pending.put(LEDGER, () -> new Message(topics.ledgerTopic(), ledger));
        return publishPending();
    }

    private Behavior<Command> onPublished(Published published) {
        if (published.failure() != null) {
            log.warn("presence: {}", published.failure().toString());
        }
        underWay.remove(published.key());
        pending.remove(published.key(), published.message());
        return publishPending();
    }

    private Behavior<Command> publishPending() {
        for (Map.Entry<String, Supplier<Message>> each : pending.entrySet()) {
            if (underWay.size() >= IN_FLIGHT) {
                break;
            }
            String key = each.getKey();
            Supplier<Message> newest = each.getValue();
            if (underWay.add(key)) {
                Message message = newest.get();
                context.pipeToSelf(
                        publisher.publish(message.topic(), message.payload(), true),
                        (done, failure) -> new Published(key, newest, failure));
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> onStop() {
        if (publisher.connected()) {
            var unused = publisher.publish(topics.statusTopic(), status(GatewayState.STOPPED), true);
        }
        return Behaviors.stopped();
    }

    private Behavior<Command> close() {
        publisher.close();
        return Behaviors.same();
    }

    /** Called by the threads of connections. */
    private Map<String, byte[]> announcement() {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        messages.put(topics.statusTopic(), status(GatewayState.ONLINE));
        if (ledger.length > 0) {
            messages.put(topics.ledgerTopic(), ledger);
        }
        return messages;
    }

    private byte[] status(GatewayState state) {
        return topics.status(state, clock.millis());
    }
}
