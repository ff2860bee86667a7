package io.tidegate.gateway;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.gateway.ShutdownSequence.Step;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.KeyGroup;
import io.tidegate.gateway.admission.KeyGroupCounters;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.decode.accesslog.AccessLog;
import io.tidegate.gateway.http.HttpServer;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.Source;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.ingest.flume.FlumeSource;
import io.tidegate.gateway.ingest.http.HttpSource;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.ops.GatewayMeters;
import io.tidegate.gateway.ops.Ledger;
import io.tidegate.gateway.ops.LedgerMonitor;
import io.tidegate.gateway.ops.Pages;
import io.tidegate.gateway.ops.Readiness;
import io.tidegate.gateway.ops.ReadinessReasons;
import io.tidegate.gateway.ops.presence.PresencePublisher;
import io.tidegate.gateway.serve.ConsumerCounters;
import io.tidegate.gateway.serve.ConsumerGroups;
import io.tidegate.gateway.serve.PullServer;
import io.tidegate.gateway.serve.ServeContext;
import io.tidegate.mqtt.Failures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/**
 * The guardian: starts everything, watches it, stops it.
 *
 * <pre>
 *  starting ──pages are there──▶ running ──Stop──▶ stopping ──▶ (ended: 0)
 *      │ an address is taken        │ the log or a key group is gone
 *      └────────────────────────────┴──────────────────────────▶ (ended: 1)
 * </pre>
 *
 * <p>A Stop that comes while it is starting is kept until the pages are there.
 *
 * <p>Start order: presence, log, key groups, consumer groups, pull server, pages, sources: nobody comes in before there is
 * somebody who can answer. Stop order: {@link #stopOrder}.
 */
public final class Gateway {

    /** What can be told to the gateway. */
    public sealed interface Command {}

    /** Stop, in order. */
    public enum Stop implements Command {
        /** The only one. */
        STOP
    }

    // Told by ourselves only.
    record HttpStarted(HttpEndpoint endpoint) implements Command {}

    record Failed(String what, Throwable reason) implements Command {}

    record Stopped() implements Command {}

    /** Where the gateway can be reached; by Flume's agents only where they are listened for. */
    public record Addresses(int pullPort, InetSocketAddress pages, OptionalInt flumePort) {}

    /** How it ended: 0 when it was told to stop, 1 when it could not go on. */
    public record Ended(int exitCode, String reason) {}

    /**
     * What the gateway says to whoever started it.
     *
     * @param ready completed when everything has started
     * @param ended completed when everything has stopped, before the actor system ends
     */
    public record Signals(CompletableFuture<Addresses> ready, CompletableFuture<Ended> ended) {

        /** Nothing said yet. */
        public static Signals create() {
            return new Signals(new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    private final ActorContext<Command> context;
    private final GatewaySettings settings;
    private final LogStore store;
    private final GatewayEnvironment environment;
    private final Signals signals;
    private final Logger log;
    private final SeenThrough seen;
    private final KeyGroupCounters keyGroupCounters = new KeyGroupCounters();
    private final ConsumerCounters consumerCounters = new ConsumerCounters();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AccessLog.Reader weblogs;
    private final BodyDecoder bodies;
    private final LedgerMonitor ledgerMonitor;
    private final Children children;
    private volatile boolean stopping;

    private Gateway(
            ActorContext<Command> context,
            GatewaySettings settings,
            LogStore store,
            GatewayEnvironment environment,
            Signals signals) {
        this.context = context;
        this.settings = settings;
        this.store = store;
        this.environment = environment;
        this.signals = signals;
        this.log = context.getLog();
        this.seen = new SeenThrough(environment.clock(), settings.keyGroups().settle(), store.receivedAtOpen());
        this.weblogs = new AccessLog.Reader(settings.weblogs());
        this.bodies = new BodyDecoder(weblogs, settings.limits());
        this.ledgerMonitor = new LedgerMonitor(() -> Ledger.of(store), System::nanoTime);
        ActorRef<Command> self = context.getSelf();
        this.children = new Children(
                context,
                settings,
                store,
                environment,
                seen,
                metrics,
                (what, reason) -> self.tell(new Failed(what, reason)));
    }

    /**
     * A gateway over an open log, which whoever opened it closes when the actor system has ended.
     *
     * @param signals completed once each
     */
    public static Behavior<Command> create(
            GatewaySettings settings, LogStore store, GatewayEnvironment environment, Signals signals) {
        return Behaviors.setup(context -> new Gateway(context, settings, store, environment, signals).start());
    }

    private Behavior<Command> start() {
        // A source that has not started yet holds time back as well.
        settings.sources().names().forEach(seen::register);
        Optional<ActorRef<PresencePublisher.Command>> presence = children.presence();
        ActorRef<EventLog.Command> eventLog = children.eventLog(presence);
        List<ActorRef<KeyGroup.Command>> keyGroups = children.keyGroups(eventLog, keyGroupCounters);
        ServeContext shared = new ServeContext(
                store, eventLog, seen, settings.pull().consumers(), consumerCounters, System::nanoTime);
        ActorRef<ConsumerGroups.Command> groups = children.consumerGroups(shared);
        PullServer pull;
        try {
            pull = PullServer.start(context.getSystem(), settings.pull(), groups, shared);
        } catch (IOException e) {
            return fail("pull " + settings.pull().host() + ":" + settings.pull().port(), e);
        }
        Admission admission = new Admission(context.getSystem(), keyGroups, eventLog);
        HttpSource http = children.http(admission, bodies);
        Optional<FlumeSource> flume = children.flume(admission, bodies);
        List<Source> sources = new ArrayList<>();
        sources.add(http);
        flume.ifPresent(sources::add);
        sources.addAll(children.sources(admission, weblogs, bodies));
        Parts parts = new Parts(presence, groups, pull, sources, flume);
        startHttp(parts, http);
        return starting(parts, false);
    }

    private void startHttp(Parts parts, HttpSource source) {
        List<String> sources = parts.sources().stream().map(Source::name).toList();
        GatewayMeters.register(
                metrics, store, sources, settings.pull().consumers().groups());
        GatewayMeters.registerDevices(metrics, keyGroupCounters, seen);
        GatewayMeters.registerReceivers(metrics, consumerCounters);
        Instant started = environment.clock().instant();
        Pages pages = new Pages(
                context.getSystem(),
                settings.httpIngest().senders(),
                () -> readiness(parts.sources()),
                metrics,
                store,
                () -> GatewayInfo.of(
                        settings, environment, store, started, parts.pull().port(), parts.flumePort()));
        context.pipeToSelf(
                HttpServer.start(
                        context.getSystem(),
                        settings.http(),
                        settings.httpIngest().longestAnswer(),
                        request -> HttpSource.isFor(request) ? source.answer(request) : pages.answer(request),
                        pages::answerCrowded),
                (server, failure) -> failure == null
                        ? new HttpStarted(new HttpEndpoint(server, pages))
                        : new Failed(
                                "http " + settings.http().host() + ":"
                                        + settings.http().port(),
                                failure));
    }

    private Readiness readiness(List<Source> sources) {
        if (stopping) {
            return Readiness.stopping();
        }
        List<SourceHealth> health =
                sources.stream().flatMap(source -> source.check().stream()).toList();
        List<String> reasons = ReadinessReasons.of(ledgerMonitor, store, keyGroupCounters, settings.keyGroups());
        return Readiness.of(health, keyGroupCounters.recovering(), store.full(), reasons);
    }

    /** @param stop whether we have been told to: no source is started then */
    private Behavior<Command> starting(Parts parts, boolean stop) {
        return Behaviors.receive(Command.class)
                .onMessage(
                        HttpStarted.class,
                        started -> stop
                                ? onStop(stopOrder(parts, started.endpoint()))
                                : onHttpStarted(parts, started.endpoint()))
                .onMessage(Failed.class, failed -> fail(failed.what(), failed.reason()))
                .onMessage(Stop.class, told -> starting(parts, true))
                .onSignal(Terminated.class, this::onChildGone)
                .build();
    }

    private Behavior<Command> onHttpStarted(Parts parts, HttpEndpoint endpoint) {
        for (Source source : parts.sources()) {
            try {
                source.start();
            } catch (IOException e) {
                return end(1, String.valueOf(e.getMessage()));
            }
        }
        log.info(
                "gateway {} {} is up: pull {}:{}, pages http://{}:{}, flume {}, log {}",
                settings.id(),
                environment.version(),
                settings.pull().host(),
                parts.pull().port(),
                settings.http().host(),
                endpoint.server().address().getPort(),
                parts.flumePort().isEmpty()
                        ? "off"
                        : settings.flume().host() + ":" + parts.flumePort().getAsInt(),
                store.settings().folder());
        signals.ready()
                .complete(new Addresses(parts.pull().port(), endpoint.server().address(), parts.flumePort()));
        // Ends with the actor system.
        Cancellable unused = context.getSystem()
                .scheduler()
                .scheduleAtFixedRate(
                        LedgerMonitor.EVERY,
                        LedgerMonitor.EVERY,
                        () -> tellLedger(parts),
                        context.getExecutionContext());
        return running(parts, endpoint);
    }

    private void tellLedger(Parts parts) {
        ledgerMonitor
                .look()
                .ifPresent(body -> parts.presence()
                        .ifPresent(
                                publisher -> publisher.tell(new PresencePublisher.LedgerSays(body.stripTrailing()))));
    }

    private Behavior<Command> running(Parts parts, HttpEndpoint endpoint) {
        return Behaviors.receive(Command.class)
                .onMessage(Stop.class, stop -> onStop(stopOrder(parts, endpoint)))
                .onMessage(Failed.class, failed -> fail(failed.what(), failed.reason()))
                .onSignal(Terminated.class, this::onChildGone)
                .build();
    }

    /**
     * First nobody comes in any more and what is in our hands gets to disk, then nobody is served, then the world is told.
     * Key groups and the log end with the guardian: by now nothing is under way to them.
     */
    private ShutdownSequence stopOrder(Parts parts, HttpEndpoint endpoint) {
        Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        GatewayEnvironment.StopWaits waits = environment.stopWaits();
        return new ShutdownSequence(List.of(
                new Step("sources", () -> ShutdownSequence.drain(parts.sources(), waits.drain())),
                new Step("pull server", () -> CompletableFuture.runAsync(parts.pull()::close, blocking)),
                new Step(
                        "consumer groups",
                        () -> ShutdownSequence.stop(parts.groups(), ConsumerGroups.Stop.NOW, waits.lastWords())),
                new Step("ledger", () -> CompletableFuture.runAsync(() -> tellLedger(parts), blocking)),
                new Step(
                        "presence",
                        () -> parts.presence()
                                .map(publisher -> ShutdownSequence.stop(
                                        publisher, PresencePublisher.Stop.STOP, waits.lastWords()))
                                .orElse(CompletableFuture.completedFuture(null))),
                new Step("pages", endpoint::stop)));
    }

    private Behavior<Command> onStop(ShutdownSequence order) {
        stopping = true;
        log.info("stopping");
        context.pipeToSelf(order.run(log), (done, failure) -> new Stopped());
        return Behaviors.receive(Command.class)
                .onMessage(Stopped.class, stopped -> end(0, "stopped"))
                .onMessage(Stop.class, again -> Behaviors.same())
                .onMessage(Failed.class, failed -> fail(failed.what(), failed.reason()))
                .onSignal(Terminated.class, this::onChildGone)
                .build();
    }

    private Behavior<Command> onChildGone(Terminated gone) {
        return end(1, gone.getRef().path().name() + " is gone; the process ends, what is on disk is the truth");
    }

    private Behavior<Command> fail(String what, Throwable reason) {
        return end(1, what + ": " + Failures.cause(reason).getMessage());
    }

    private Behavior<Command> end(int exitCode, String reason) {
        if (exitCode == 0) {
            log.info("{}", reason);
        } else {
            log.error("{}", reason);
        }
        signals.ended().complete(new Ended(exitCode, reason));
        return Behaviors.stopped();
    }

    /** The HTTP server and the pages that it shows. */
    record HttpEndpoint(HttpServer server, Pages pages) {

        CompletionStage<Void> stop() {
            return server.stop().thenRun(pages::close);
        }
    }

    /** What has started before the pages. */
    private record Parts(
            Optional<ActorRef<PresencePublisher.Command>> presence,
            ActorRef<ConsumerGroups.Command> groups,
            PullServer pull,
            List<Source> sources,
            Optional<FlumeSource> flume) {

        OptionalInt flumePort() {
            return flume.map(FlumeSource::port).orElse(OptionalInt.empty());
        }
    }
}
