package io.tidegate.gateway.ops.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.ops.presence.PresenceTopics.GatewayState;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectPauses;
import io.tidegate.mqtt.RefusedException;
import io.tidegate.mqtt.Will;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Publishes the presence of devices, the status of the gateway and its ledger, retained, over a connection of its own.
 *
 * <pre>
 *               connected: status online, then what is pending
 *  connecting ───────────────────────────────────────────────▶ publishing ──Stop──▶ status stopped, ended
 *     ▲  │ refused                                                 │ lost
 *     │  ▼                                                         │
 *    waiting (backoff) ◀───────────────────────────────────────────┘
 * </pre>
 *
 * <p>At least once, newest wins: the latest presence of each device is kept until a broker has acknowledged it, however
 * long that takes; memory is bounded by the number of devices. At most {@value #IN_FLIGHT} messages are under way. What a
 * broker refuses for the moment is tried again, what it refuses for good is logged and dropped. Starts with all that the log knows, since nobody knows what a broker
 * still remembers.
 *
 * <p>Object-style: it owns a map of what is pending.
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
    record Connected(PresenceConnection attempt, MqttConnection connection) implements Command {}

    record Lost(PresenceConnection attempt, boolean wasConnected, String reason) implements Command {}

    record Settled(PresenceConnection attempt) implements Command {}

    record Published(
            PresenceConnection attempt,
            Presence presence,
            @Nullable Throwable failure) implements Command {}

    record Again(PresenceConnection attempt, String device) implements Command {}

    record Ended() implements Command {}

    enum Retry implements Command {
        RETRY
    }

    /** Less than any broker's receive-maximum of note, so that a publish never waits for room. */
    static final int IN_FLIGHT = 16;

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);
    private static final Duration CONTESTED_RETRY = Duration.ofMinutes(1);
    private static final Duration LAST_WORD = Duration.ofSeconds(2);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final MqttTransport transport;
    private final MqttEndpoint endpoint;
    private final PresenceTopics topics;
    private final Clock clock;
    private final ReconnectPauses pauses;
    private final Logger log;

    // What has changed and is not acknowledged yet, by device; and which of it is under way.
    private final Map<String, Presence> pending = new LinkedHashMap<>();
    private final Set<String> underWay = new HashSet<>();
    private String ledger = "";

    private PresencePublisher(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Settings settings,
            Supplier<List<Presence>> known) {
        this.context = context;
        this.timers = timers;
        this.transport = settings.transport();
        this.endpoint = settings.endpoint();
        this.topics = new PresenceTopics(settings.gateway(), settings.version());
        this.clock = settings.clock();
        this.pauses = new ReconnectPauses(FIRST_RETRY, LAST_RETRY, CONTESTED_RETRY, settings.random());
        this.log = context.getLog();
        remember(known.get());
    }

    /**
     * What a publisher needs of the gateway.
     *
     * @param endpoint where and as whom it connects; the last will is added here
     * @param gateway the gateway's id
     */
    public record Settings(
            MqttTransport transport,
            MqttEndpoint endpoint,
            String gateway,
            String version,
            Clock clock,
            RandomGenerator random) {}

    /**
     * A publisher that connects at once.
     *
     * @param known all that the log knows; asked again when the publisher is restarted
     */
    public static Behavior<Command> create(Settings settings, Supplier<List<Presence>> known) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new PresencePublisher(context, timers, settings, known).connect()));
    }

    private Behavior<Command> connect() {
        PresenceConnection attempt = new PresenceConnection(context.getSelf());
        Will will = new Will(
                topics.statusTopic(), topics.status(GatewayState.OFFLINE, clock.millis()), true, Duration.ZERO);
        context.pipeToSelf(
                attempt.keep(transport.connect(endpoint.withWill(will), attempt)),
                (connection, failure) -> failure == null
                        ? new Connected(attempt, connection)
                        : new Lost(attempt, false, String.valueOf(failure.getMessage())));
        return phase(attempt)
                .onMessage(Connected.class, m -> m.attempt() == attempt, m -> onConnected(attempt, m.connection()))
                .onMessage(Announce.class, this::onAnnounce)
                .onMessage(LedgerSays.class, this::onLedger)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onAnyMessage(stale -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onConnected(PresenceConnection attempt, MqttConnection connection) {
        pauses.connected();
        timers.startSingleTimer(new Settled(attempt), ReconnectPauses.SETTLED);
        underWay.clear();
        log.info("presence: connected to {}", endpoint);
        // When it fails, the connection is gone, which Lost tells.
        CompletableFuture<Void> unused = publishStatus(connection, GatewayState.ONLINE);
        publishLedger(connection);
        publishPending(attempt, connection);
        return publishing(attempt, connection);
    }

    private Behavior<Command> publishing(PresenceConnection attempt, MqttConnection connection) {
        return phase(attempt)
                .onMessage(Announce.class, announce -> {
                    remember(announce.presence());
                    publishPending(attempt, connection);
                    return Behaviors.same();
                })
                .onMessage(LedgerSays.class, says -> {
                    ledger = says.json();
                    publishLedger(connection);
                    return Behaviors.same();
                })
                .onMessage(Published.class, m -> m.attempt() == attempt, m -> onPublished(attempt, connection, m))
                .onMessage(Again.class, m -> m.attempt() == attempt, m -> onAgain(attempt, connection, m.device()))
                .onMessage(Settled.class, m -> m.attempt() == attempt, m -> onSettled())
                .onMessage(Stop.class, stop -> onStop(attempt, connection))
                .onAnyMessage(stale -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onPublished(PresenceConnection attempt, MqttConnection connection, Published published) {
        Presence presence = published.presence();
        RefusedException refused = refusal(published.failure());
        if (published.failure() != null && refused == null) {
            // The connection is gone, which Lost tells; the presence stays pending.
            return Behaviors.same();
        }
        if (refused != null) {
            log.warn("presence: {}", refused.getMessage());
        }
        if (refused != null && refused.isTransient()) {
            context.scheduleOnce(FIRST_RETRY, context.getSelf(), new Again(attempt, presence.device()));
            return Behaviors.same();
        }
        underWay.remove(presence.device());
        pending.remove(presence.device(), presence);
        publishPending(attempt, connection);
        return Behaviors.same();
    }

    private Behavior<Command> onAgain(PresenceConnection attempt, MqttConnection connection, String device) {
        underWay.remove(device);
        publishPending(attempt, connection);
        return Behaviors.same();
    }

    private Behavior<Command> onSettled() {
        pauses.settled();
        return Behaviors.same();
    }

    private Behavior<Command> onStop(PresenceConnection attempt, MqttConnection connection) {
        context.pipeToSelf(
                publishStatus(connection, GatewayState.STOPPED).orTimeout(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS),
                (nothing, failure) -> new Ended());
        return Behaviors.receive(Command.class)
                .onMessage(Ended.class, ended -> Behaviors.stopped())
                .onAnyMessage(stale -> Behaviors.same())
                .onSignal(PostStop.class, signal -> abandon(attempt))
                .build();
    }

    private Behavior<Command> onLost(PresenceConnection attempt, Lost lost) {
        attempt.close();
        Duration delay = lost.wasConnected() ? pauses.afterLoss(false) : pauses.afterFailure();
        String why = pauses.isContested() ? lost.reason() + "; " + ReconnectPauses.suspicion(endpoint) : lost.reason();
        log.warn("presence: no connection: {}; next try in {} ms", why, delay.toMillis());
        timers.startSingleTimer(Retry.RETRY, delay);
        return Behaviors.receive(Command.class)
                .onMessage(Announce.class, this::onAnnounce)
                .onMessage(LedgerSays.class, this::onLedger)
                .onMessage(Retry.class, retry -> connect())
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onAnyMessage(stale -> Behaviors.same())
                .build();
    }

    private Behavior<Command> onAnnounce(Announce announce) {
        remember(announce.presence());
        return Behaviors.same();
    }

    private Behavior<Command> onLedger(LedgerSays says) {
        ledger = says.json();
        return Behaviors.same();
    }

    /** A connection that ends before it is acknowledged is followed by one that says it again. */
    private void publishLedger(MqttConnection connection) {
        if (!ledger.isEmpty()) {
            CompletableFuture<Void> unused = connection.publish(topics.ledgerTopic(), ledger.getBytes(UTF_8), true);
        }
    }

    private void remember(Collection<Presence> presence) {
        presence.forEach(of -> pending.put(of.device(), of));
    }

    private void publishPending(PresenceConnection attempt, MqttConnection connection) {
        for (Presence presence : pending.values()) {
            if (underWay.size() >= IN_FLIGHT) {
                return;
            }
            if (underWay.add(presence.device())) {
                context.pipeToSelf(
                        connection.publish(
                                PresenceTopics.topicOf(presence.device()), PresenceTopics.bodyOf(presence), true),
                        (nothing, failure) -> new Published(attempt, presence, failure));
            }
        }
    }

    private CompletableFuture<Void> publishStatus(MqttConnection connection, GatewayState state) {
        return connection.publish(topics.statusTopic(), topics.status(state, clock.millis()), true);
    }

    /** What can happen in every phase that has an attempt; a phase adds its own and its last word on strangers. */
    private BehaviorBuilder<Command> phase(PresenceConnection attempt) {
        return Behaviors.receive(Command.class)
                .onMessage(Lost.class, m -> m.attempt() == attempt, m -> onLost(attempt, m))
                .onSignal(PreRestart.class, signal -> abandon(attempt))
                .onSignal(PostStop.class, signal -> abandon(attempt));
    }

    private static Behavior<Command> abandon(PresenceConnection attempt) {
        attempt.close();
        return Behaviors.same();
    }

    private static @Nullable RefusedException refusal(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RefusedException refused ? refused : null;
    }
}
