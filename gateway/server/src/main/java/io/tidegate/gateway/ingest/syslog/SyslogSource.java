package io.tidegate.gateway.ingest.syslog;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.PushIngest;
import io.tidegate.gateway.ingest.PushRequest;
import io.tidegate.gateway.ingest.SourceHealth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A source to which syslog comes.
 *
 * <pre>
 *             bound
 *   binding ────────▶ listening ──Stop──▶ draining ──▶ (ended)
 *    ▲   │ taken
 *    └───┘ RETRY
 * </pre>
 *
 * <p>Nobody is told what became of a message: what is received and not on disk is lost with the process. Fails when the stream
 * broke; whoever spawns it says what then.
 */
public final class SyslogSource {

    /** What can be told to a source. */
    public sealed interface Command {}

    /** Read what has been received, bring it to disk, end. */
    public enum Stop implements Command {
        /** The only one. */
        STOP
    }

    // Told by ourselves only.
    enum Bind implements Command {
        BIND
    }

    record Ended(PushIngest ingest, @Nullable Throwable failure) implements Command {}

    /** What a source needs of the gateway. */
    public record Environment(Admission admission, SeenThrough seen, BodyDecoder bodies, MeterRegistry metrics) {}

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final SyslogSettings settings;
    private final Environment environment;
    private final SourceHealth health;
    private final SyslogMeters meters;
    private final MessageDecoder bodies;
    private final Executor blocking;
    private final Logger log;

    private SyslogSource(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            SyslogSettings settings,
            Environment environment,
            SyslogMeters meters) {
        this.context = context;
        this.timers = timers;
        this.settings = settings;
        this.environment = environment;
        this.health = meters.health;
        this.meters = meters;
        this.bodies =
                new MessageDecoder(settings.rules().decoder(), settings.rules().strip(), environment.bodies());
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        this.log = context.getLog();
    }

    /** A source that binds its port at once, and tries again while somebody else has it. */
    public static Behavior<Command> create(SyslogSettings settings, Environment environment, SourceHealth health) {
        SyslogMeters meters = new SyslogMeters(environment.metrics(), health);
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new SyslogSource(context, timers, settings, environment, meters).bind()));
    }

    private Behavior<Command> bind() {
        SyslogServer server;
        try {
            server = SyslogServer.bind(settings);
        } catch (IOException e) {
            String why = settings.rules().host() + ":" + settings.port() + ": " + e.getMessage();
            health.away(why);
            log.warn("source {}: {}; next try in {} ms", settings.name(), why, RETRY.toMillis());
            timers.startSingleTimer(Bind.BIND, RETRY);
            return binding();
        }
        return listen(server);
    }

    private Behavior<Command> binding() {
        return Behaviors.receive(Command.class)
                .onMessage(Bind.class, again -> bind())
                .onMessage(Stop.class, stop -> stopped())
                .build();
    }

    private Behavior<Command> listen(SyslogServer server) {
        ActorSystem<?> system = context.getSystem();
        SyslogSettings.Rules rules = settings.rules();
        PushIngest ingest = new PushIngest(
                system,
                settings.name(),
                environment.admission(),
                environment.seen(),
                // As many as can be under way: each connection has one piece, and one more when it ends.
                rules.maxConnections() + UdpListener.PIECES,
                rules.maxBatch());
        server.start((origin, piece) -> take(ingest, origin, piece));
        meters.server = server;
        health.running();
        log.info("source {}: syslog at {}:{}", settings.name(), rules.host(), server.port());
        ended(ingest, ingest.done());
        return Behaviors.receive(Command.class)
                .onMessage(Ended.class, m -> m.ingest() == ingest, this::onBroken)
                .onMessage(Stop.class, stop -> onStop(server, ingest))
                .onSignal(PreRestart.class, signal -> abandon(server, ingest))
                .onSignal(PostStop.class, signal -> abandon(server, ingest))
                .onAnyMessage(stale -> Behaviors.same())
                .build();
    }

    private CompletableFuture<?> take(PushIngest ingest, String origin, List<SyslogFrame> piece) {
        PushRequest pushed = new PushRequest(origin, receivedMs -> bodies.read(piece, receivedMs));
        return ingest.push(pushed)
                .<CompletableFuture<?>>map(durable -> durable)
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new IOException(piece.size() + " messages: nothing is taken any more")));
    }

    private void ended(PushIngest ingest, CompletionStage<Done> done) {
        context.pipeToSelf(done, (nothing, failure) -> new Ended(ingest, failure));
    }

    private Behavior<Command> onBroken(Ended ended) {
        throw new IllegalStateException("source " + settings.name() + ": its stream broke", ended.failure());
    }

    private Behavior<Command> onStop(SyslogServer server, PushIngest ingest) {
        health.away("stopping");
        CompletionStage<Void> unused = CompletableFuture.runAsync(server::drain, blocking)
                .whenComplete((drained, failure) -> ingest.complete());
        return Behaviors.receive(Command.class)
                .onMessage(Ended.class, m -> m.ingest() == ingest, ended -> {
                    if (ended.failure() != null) {
                        return onBroken(ended);
                    }
                    return stopped();
                })
                .onSignal(PreRestart.class, signal -> abandon(server, ingest))
                .onSignal(PostStop.class, signal -> abandon(server, ingest))
                .onAnyMessage(stale -> Behaviors.same())
                .build();
    }

    private Behavior<Command> stopped() {
        health.away("stopped");
        return Behaviors.stopped();
    }

    private Behavior<Command> abandon(SyslogServer server, PushIngest ingest) {
        health.away("failed");
        server.close();
        ingest.complete();
        return Behaviors.same();
    }
}
