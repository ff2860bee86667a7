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
import io.tidegate.gateway.StopOrder.Step;
import io.tidegate.gateway.StopOrder.Stoppable;
import io.tidegate.gateway.consumer.ConsumerCounters;
import io.tidegate.gateway.consumer.ConsumerGroups;
import io.tidegate.gateway.consumer.Shared;
import io.tidegate.gateway.decode.Bodies;
import io.tidegate.gateway.flume.FlumeSettings;
import io.tidegate.gateway.flume.FlumeSource;
import io.tidegate.gateway.http.Books;
import io.tidegate.gateway.http.GatewayMeters;
import io.tidegate.gateway.http.HttpServer;
import io.tidegate.gateway.http.IngestSettings;
import io.tidegate.gateway.http.Ledger;
import io.tidegate.gateway.http.Pages;
import io.tidegate.gateway.http.Readiness;
import io.tidegate.gateway.http.Worries;
import io.tidegate.gateway.keygroup.KeyGroup;
import io.tidegate.gateway.keygroup.KeyGroupCounters;
import io.tidegate.gateway.keygroup.SeenThrough;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.presence.PresencePublisher;
import io.tidegate.gateway.pull.PullServer;
import io.tidegate.gateway.source.Admission;
import io.tidegate.gateway.source.PushIntake;
import io.tidegate.gateway.source.SourceHealth;
import io.tidegate.gateway.weblog.AccessLog;
import io.tidegate.mqtt.MqttTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
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
 * <p>Start order: presence, log, key groups, consumer groups, pull server, what agents push, pages, sources: nobody comes
 * in before there is somebody who can answer. Stop order: {@link #stopOrder}.
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
    record PagesStarted(HttpServer.Listening pages) implements Command {}

    record Failed(String what, Throwable reason) implements Command {}

    record Stopped() implements Command {}

    record Drained() implements Command {}

    /** What comes in from outside, so that a test can bring its own. */
    public record Outside(
            MqttTransport transport, Clock clock, RandomGenerator random, String version, StopWaits stopWaits) {}

    /**
     * How long a stop waits at each step.
     *
     * @param drain for what is in our hands to get to disk
     * @param lastWords for those who only have to end
     */
    public record StopWaits(Duration drain, Duration lastWords) {

        /** What a supervisor that waits half a minute leaves room for. */
        public static final StopWaits USUAL = new StopWaits(Duration.ofSeconds(10), Duration.ofSeconds(4));
    }

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
    private final Outside outside;
    private final Signals signals;
    private final Logger log;
    private final SeenThrough seen;
    private final KeyGroupCounters keyGroupCounters = new KeyGroupCounters();
    private final ConsumerCounters consumerCounters = new ConsumerCounters();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AccessLog.Reader weblogs;
    private final Bodies bodies;
    private final Map<String, SourceHealth> health;
    private final Books books;
    private final Children children;
    private volatile boolean stopping;

    private Gateway(
            ActorContext<Command> context, GatewaySettings settings, LogStore store, Outside outside, Signals signals) {
        this.context = context;
        this.settings = settings;
        this.store = store;
        this.outside = outside;
        this.signals = signals;
        this.log = context.getLog();
        this.seen = SeenThrough.create(outside.clock(), settings.keyGroups().settle(), store.receivedAtOpen());
        this.weblogs = new AccessLog.Reader(settings.weblogs());
        this.bodies = new Bodies(weblogs, settings.limits());
        this.health = new LinkedHashMap<>();
        settings.sources().names().forEach(name -> health.put(name, new SourceHealth(name)));
        this.books = new Books(() -> Ledger.of(store), System::nanoTime);
        this.children = new Children(context, settings, store, outside, seen, metrics);
    }

    /**
     * A gateway over an open log, which whoever opened it closes when the actor system has ended.
     *
     * @param signals completed once each
     */
    public static Behavior<Command> create(GatewaySettings settings, LogStore store, Outside outside, Signals signals) {
        return Behaviors.setup(context -> new Gateway(context, settings, store, outside, signals).start());
    }

    private Behavior<Command> start() {
        // A source that has not started yet holds time back as well.
        settings.sources().names().forEach(seen::register);
        Optional<ActorRef<PresencePublisher.Command>> presence = children.presence();
        ActorRef<EventLog.Command> eventLog = children.eventLog(presence);
        List<ActorRef<KeyGroup.Command>> keyGroups = children.keyGroups(eventLog, keyGroupCounters);
        Shared shared =
                new Shared(store, eventLog, seen, settings.pull().consumers(), consumerCounters, System::nanoTime);
        ActorRef<ConsumerGroups.Command> groups = children.consumerGroups(shared);
        PullServer pull;
        try {
            pull = PullServer.start(context.getSystem(), settings.pull(), groups, shared);
        } catch (IOException e) {
            return fail("pull " + settings.pull().host() + ":" + settings.pull().port(), e);
        }
        Admission admission = new Admission(context.getSystem(), keyGroups, eventLog);
        PushIntake http = children.httpIntake(admission);
        watch(http, "what came in by HTTP");
        Optional<FlumeSource> flume;
        try {
            flume = children.flume(admission, bodies);
        } catch (IOException e) {
            return fail(
                    "flume " + settings.flume().host() + ":" + settings.flume().port(), e);
        }
        flume.ifPresent(source -> watch(source.intake(), "what came in from Flume"));
        Parts parts = new Parts(presence, admission, groups, pull, http, flume);
        startPages(parts);
        return starting(parts, false);
    }

    private void watch(PushIntake intake, String what) {
        context.pipeToSelf(
                intake.done(), (done, failure) -> failure == null ? new Drained() : new Failed(what, failure));
    }

    private void startPages(Parts parts) {
        List<String> sources = Stream.of(
                        settings.sources().names().stream(),
                        Stream.of(IngestSettings.SOURCE),
                        parts.flume().stream().map(source -> FlumeSettings.SOURCE))
                .flatMap(names -> names)
                .toList();
        GatewayMeters.register(
                metrics, store, sources, settings.pull().consumers().groups());
        GatewayMeters.registerDevices(metrics, keyGroupCounters, seen);
        GatewayMeters.registerReceivers(metrics, consumerCounters);
        Pages pages = new Pages(
                this::readiness,
                metrics,
                store,
                Card.of(settings, outside, store, parts.pull().port(), parts.flume()));
        context.pipeToSelf(
                HttpServer.start(context.getSystem(), settings.http(), pages, bodies, parts.http(), seen::clockMs),
                (server, failure) -> failure == null
                        ? new PagesStarted(server)
                        : new Failed(
                                "http " + settings.http().host() + ":"
                                        + settings.http().port(),
                                failure));
    }

    private Readiness readiness() {
        if (stopping) {
            return Readiness.stopping();
        }
        List<String> worries = Worries.of(books, store, keyGroupCounters, settings.keyGroups());
        return Readiness.of(List.copyOf(health.values()), keyGroupCounters.recovering(), store.full(), worries);
    }

    /** @param stop whether we have been told to: no source is started then */
    private Behavior<Command> starting(Parts parts, boolean stop) {
        return Behaviors.receive(Command.class)
                .onMessage(
                        PagesStarted.class,
                        started -> stop
                                ? onStop(stopOrder(parts, started.pages(), List.of()))
                                : onPagesStarted(parts, started.pages()))
                .onMessage(Failed.class, failed -> fail(failed.what(), failed.reason()))
                .onMessage(Stop.class, told -> starting(parts, true))
                .onSignal(Terminated.class, this::onChildGone)
                .build();
    }

    private Behavior<Command> onPagesStarted(Parts parts, HttpServer.Listening pages) {
        List<Stoppable> sources = children.sources(health, parts.admission(), weblogs, bodies);
        log.info(
                "gateway {} {} is up: pull {}:{}, pages http://{}:{}, flume {}, log {}",
                settings.id(),
                outside.version(),
                settings.pull().host(),
                parts.pull().port(),
                settings.http().host(),
                pages.address().getPort(),
                parts.flume()
                        .map(source -> settings.flume().host() + ":" + source.port())
                        .orElse("off"),
                store.settings().folder());
        signals.ready().complete(new Addresses(parts.pull().port(), pages.address(), parts.flumePort()));
        // Ends with the actor system.
        Cancellable unused = context.getSystem()
                .scheduler()
                .scheduleAtFixedRate(Books.EVERY, Books.EVERY, () -> tellLedger(parts), context.getExecutionContext());
        return running(parts, pages, sources);
    }

    private void tellLedger(Parts parts) {
        books.look()
                .ifPresent(body -> parts.presence()
                        .ifPresent(
                                publisher -> publisher.tell(new PresencePublisher.LedgerSays(body.stripTrailing()))));
    }

    private Behavior<Command> running(Parts parts, HttpServer.Listening pages, List<Stoppable> sources) {
        return Behaviors.receive(Command.class)
                .onMessage(Stop.class, stop -> onStop(stopOrder(parts, pages, sources)))
                .onMessage(Failed.class, failed -> fail(failed.what(), failed.reason()))
                .onSignal(Terminated.class, this::onChildGone)
                .build();
    }

    /**
     * First nobody comes in any more and what is in our hands gets to disk, then nobody is served, then the world is told.
     * Key groups and the log end with the guardian: by now nothing is under way to them.
     */
    private StopOrder stopOrder(Parts parts, HttpServer.Listening pages, List<Stoppable> sources) {
        Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        StopWaits waits = outside.stopWaits();
        return new StopOrder(List.of(
                new Step("what is pushed to us", () -> {
                    pages.refuse();
                    return StopOrder.drain(parts.intakes(), waits.drain());
                }),
                new Step(
                        "Flume agents",
                        () -> CompletableFuture.runAsync(() -> parts.flume().ifPresent(FlumeSource::close), blocking)),
                new Step("sources", () -> StopOrder.stop(sources, waits.drain())),
                new Step("pull server", () -> CompletableFuture.runAsync(parts.pull()::close, blocking)),
                new Step(
                        "consumer groups",
                        () -> StopOrder.stop(
                                List.of(Stoppable.of(parts.groups(), ConsumerGroups.Stop.NOW)), waits.lastWords())),
                new Step("ledger", () -> CompletableFuture.runAsync(() -> tellLedger(parts), blocking)),
                new Step(
                        "presence",
                        () -> StopOrder.stop(
                                parts.presence().stream()
                                        .map(publisher -> Stoppable.of(publisher, PresencePublisher.Stop.STOP))
                                        .toList(),
                                waits.lastWords())),
                new Step("pages", pages::stop)));
    }

    private Behavior<Command> onStop(StopOrder order) {
        stopping = true;
        log.info("stopping");
        context.pipeToSelf(order.run(log), (done, failure) -> new Stopped());
        return Behaviors.receive(Command.class)
                .onMessage(Stopped.class, stopped -> end(0, "stopped"))
                .onMessage(Stop.class, again -> Behaviors.same())
                .onMessage(Drained.class, drained -> Behaviors.same())
                .onMessage(Failed.class, failed -> fail(failed.what(), failed.reason()))
                .onSignal(Terminated.class, this::onChildGone)
                .build();
    }

    private Behavior<Command> onChildGone(Terminated gone) {
        return end(1, gone.getRef().path().name() + " is gone; the process ends, what is on disk is the truth");
    }

    private Behavior<Command> fail(String what, Throwable reason) {
        Throwable cause =
                reason instanceof CompletionException && reason.getCause() != null ? reason.getCause() : reason;
        return end(1, what + ": " + cause.getMessage());
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

    /** What has started before the pages. */
    private record Parts(
            Optional<ActorRef<PresencePublisher.Command>> presence,
            Admission admission,
            ActorRef<ConsumerGroups.Command> groups,
            PullServer pull,
            PushIntake http,
            Optional<FlumeSource> flume) {

        List<PushIntake> intakes() {
            return Stream.concat(Stream.of(http), flume.stream().map(FlumeSource::intake))
                    .toList();
        }

        OptionalInt flumePort() {
            return flume.stream().mapToInt(FlumeSource::port).findFirst();
        }
    }
}
