package io.tidegate.gateway.ingest.mqtt;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.mqtt.Failures;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectPauses;
import io.tidegate.mqtt.RefusedException;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * An MQTT source: keeps one connection to a broker and one running stream for it ({@link MqttIngest}).
 *
 * <pre>
 *              connected          subscribed, or the session was kept
 *  connecting ───────────▶ subscribing ───────────────────────────────▶ running
 *    ▲  │ refused,            │ refused, lost                             │ lost
 *    │  ▼ timed out           ▼                                           ▼
 *    │  └──────────────────▶ draining ◀───────────────────────────────────┘
 *    │ backoff               │      │ stop was asked for
 *  waiting ◀─────────────────┘      ▼
 *                             (stopped)
 * </pre>
 *
 * <p>A connection object is used once and thrown away. The next is made only when everything of the one before is in the
 * log: so memory is bounded by one receive-maximum however often the broker goes, and a message that the broker sends
 * again is admitted behind its first copy. A stalled log does not disturb the link: acknowledgements come late, the
 * broker stops at receive-maximum, and one that does not is not read on.
 *
 * <p>A broker that refuses us (credentials, client id, filters), gives our session to another client of the same id, or cuts
 * us again and again as soon as we have connected, will not change its mind within seconds: that is said loudly and tried
 * again after {@code slow-retry}.
 *
 * <p>Fails when the stream broke; whoever spawns it says what then.
 */
public final class MqttSource {

    /** What can be told to a source. */
    public sealed interface Command {}

    /** Stop receiving, bring what is in our hands to disk, acknowledge it, disconnect, end. */
    public enum Stop implements Command {
        /** The only one. */
        STOP
    }

    // Told by ourselves only.
    record Connected(SourceConnection link, MqttConnection connection) implements Command {}

    record Refused(SourceConnection link, Throwable reason) implements Command {}

    record Subscribed(SourceConnection link) implements Command {}

    record Lost(SourceConnection link, String reason, int reasonCode) implements Command {}

    record Drained(SourceConnection link, @Nullable Throwable failure) implements Command {}

    record Settled(SourceConnection link) implements Command {}

    enum Retry implements Command {
        RETRY
    }

    /**
     * What a source needs of the gateway.
     *
     * @param seen stamps receipts; the source registers itself under its name
     * @param knownBefore whether the log has events of this source from an earlier life, so that a broker without our
     *     session has lost it
     */
    public record Environment(
            MqttTransport transport,
            TopicDecoder decoders,
            Admission admission,
            SeenThrough seen,
            MeterRegistry registry,
            RandomGenerator random,
            Supplier<Boolean> knownBefore) {}

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);

    // For the life of the source.
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final MqttSourceSettings settings;
    private final Environment environment;
    private final SourceHealth health;
    private final MqttMeters meters;
    private final ReconnectPauses pauses;
    private final Logger log;
    private boolean hadSession;
    private boolean subscribedOnce;

    private MqttSource(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            MqttSourceSettings settings,
            Environment environment,
            MqttMeters meters) {
        this.context = context;
        this.timers = timers;
        this.settings = settings;
        this.environment = environment;
        this.health = meters.health;
        this.meters = meters;
        this.pauses = new ReconnectPauses(FIRST_RETRY, LAST_RETRY, settings.slowRetry(), environment.random());
        this.log = context.getLog();
        this.hadSession = environment.knownBefore().get();
    }

    /** A source that connects at once. */
    public static Behavior<Command> create(MqttSourceSettings settings, Environment environment, SourceHealth health) {
        // Counts go on when the source is restarted.
        MqttMeters meters = new MqttMeters(environment.registry(), health);
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new MqttSource(context, timers, settings, environment, meters).connect()));
    }

    private Behavior<Command> connect() {
        health.away("connecting to " + settings.endpoint().broker());
        SourceConnection link = new SourceConnection(context, settings, environment, meters);
        context.pipeToSelf(link.ingest().done(), (done, failure) -> new Drained(link, failure));
        context.pipeToSelf(
                link.connect(environment.transport()),
                (connection, failure) ->
                        failure == null ? new Connected(link, connection) : new Refused(link, Failures.cause(failure)));
        return connecting(link);
    }

    private Behavior<Command> connecting(SourceConnection link) {
        return linked(link)
                .onMessage(Connected.class, m -> m.link() == link, m -> onConnected(link, m.connection()))
                .onMessage(Refused.class, m -> m.link() == link, m -> onRefused(link, "connect", m.reason()))
                .onAnyMessage(this::onStale)
                .build();
    }

    private Behavior<Command> onConnected(SourceConnection link, MqttConnection connection) {
        meters.connections.increment();
        if (connection.sessionPresent()) {
            hadSession = true;
        } else if (hadSession) {
            meters.sessionsLost.increment();
            log.warn(
                    "source {}: the broker has forgotten our session; what it held for us is lost unless it is sent again",
                    settings.name());
        }
        // Once per life of this actor also a kept session is told the filters: they may have been configured anew.
        if (connection.sessionPresent() && subscribedOnce) {
            return onSubscribed(link);
        }
        context.pipeToSelf(
                connection.subscribe(settings.filters()),
                (nothing, failure) ->
                        failure == null ? new Subscribed(link) : new Refused(link, Failures.cause(failure)));
        return subscribing(link);
    }

    private Behavior<Command> subscribing(SourceConnection link) {
        return linked(link)
                .onMessage(Subscribed.class, m -> m.link() == link, m -> onSubscribed(link))
                .onMessage(Refused.class, m -> m.link() == link, m -> onRefused(link, "subscribe", m.reason()))
                .onAnyMessage(this::onStale)
                .build();
    }

    private Behavior<Command> onSubscribed(SourceConnection link) {
        hadSession = true;
        subscribedOnce = true;
        pauses.connected();
        timers.startSingleTimer(new Settled(link), ReconnectPauses.SETTLED);
        link.subscribed();
        health.running();
        log.info("source {}: connected to {}, filters {}", settings.name(), settings.endpoint(), settings.filters());
        return running(link);
    }

    private Behavior<Command> running(SourceConnection link) {
        return linked(link)
                .onMessage(Settled.class, m -> m.link() == link, m -> onSettled())
                .onAnyMessage(this::onStale)
                .build();
    }

    private Behavior<Command> onSettled() {
        pauses.settled();
        return Behaviors.same();
    }

    /** What can happen to a connection in every phase of it. */
    private BehaviorBuilder<Command> linked(SourceConnection link) {
        return phase(link)
                .onMessage(Lost.class, m -> m.link() == link, m -> onLost(link, m))
                .onMessage(Drained.class, m -> m.link() == link, m -> onDrained(link, m, Duration.ZERO))
                .onMessage(Stop.class, stop -> onStop(link));
    }

    private Behavior<Command> onRefused(SourceConnection link, String what, Throwable reason) {
        boolean needsAPerson = reason instanceof RefusedException refused && needsAPerson(refused.reasonCode());
        Duration pause = pauses.afterFailure();
        return retry(link, what + " failed: " + reason.getMessage(), needsAPerson, pause);
    }

    /**
     * Not every broker says that another client took our session over (mosquitto 2.0.11 only cuts). A client that is cut soon after
     * each connect has a rival that comes back as we do, or a broker that takes back its yes: both need a person, and a
     * fight would only make both of us deliver things twice.
     */
    private Behavior<Command> onLost(SourceConnection link, Lost lost) {
        Duration pause = pauses.afterLoss(link.hasReceived());
        String why = "connection to " + settings.endpoint().broker() + " lost: " + lost.reason();
        if (pauses.isContested()) {
            return retry(link, why + "; " + ReconnectPauses.suspicion(settings.endpoint()), true, pause);
        }
        return retry(link, why, needsAPerson(lost.reasonCode()), pause);
    }

    private Behavior<Command> retry(SourceConnection link, String why, boolean needsAPerson, Duration pause) {
        Duration delay = needsAPerson ? settings.slowRetry() : pause;
        if (needsAPerson) {
            log.error(
                    "source {} is out of work until a person has looked at it: {}; next try in {} s",
                    settings.name(),
                    why,
                    delay.toSeconds());
        } else {
            log.warn("source {}: {}; next try in {} ms", settings.name(), why, delay.toMillis());
        }
        health.away(why);
        link.close();
        return draining(link, delay);
    }

    private Behavior<Command> onStop(SourceConnection link) {
        health.away("stopping");
        link.stopReceiving();
        return draining(link, null);
    }

    /** @param retryAfter null to end */
    private Behavior<Command> draining(SourceConnection link, @Nullable Duration retryAfter) {
        return phase(link)
                .onMessage(Drained.class, m -> m.link() == link, m -> onDrained(link, m, retryAfter))
                .onMessage(Stop.class, stop -> draining(link, null))
                .onAnyMessage(this::onStale)
                .build();
    }

    private Behavior<Command> onDrained(SourceConnection link, Drained drained, @Nullable Duration retryAfter) {
        link.close();
        if (drained.failure() != null) {
            throw new IllegalStateException("source " + settings.name() + ": its stream broke", drained.failure());
        }
        if (retryAfter == null) {
            health.away("stopped");
            return Behaviors.stopped();
        }
        timers.startSingleTimer(Retry.RETRY, retryAfter);
        return waiting();
    }

    private Behavior<Command> waiting() {
        return Behaviors.receive(Command.class)
                .onMessage(Retry.class, retry -> connect())
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onAnyMessage(this::onStale)
                .build();
    }

    private BehaviorBuilder<Command> phase(SourceConnection link) {
        return Behaviors.receive(Command.class)
                .onSignal(PreRestart.class, signal -> abandon(link))
                .onSignal(PostStop.class, signal -> abandon(link));
    }

    private Behavior<Command> abandon(SourceConnection link) {
        health.away("failed");
        link.close();
        return Behaviors.same();
    }

    /** Of a connection that was thrown away, or from this actor's earlier life. */
    private Behavior<Command> onStale(Command message) {
        return Behaviors.same();
    }

    /** Credentials, identity, permissions, or another client with our id: nothing that heals by itself. */
    private static boolean needsAPerson(int reasonCode) {
        return switch (reasonCode) {
            case 0x84, 0x85, 0x86, 0x87, 0x8A, 0x8C, 0x8E, 0x8F, 0x90, 0x9E, 0xA1, 0xA2 -> true;
            default -> false;
        };
    }
}
