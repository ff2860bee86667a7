package io.tidegate.gateway;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.KeyGroup;
import io.tidegate.gateway.admission.KeyGroupCounters;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.decode.accesslog.AccessLog;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.PushIngest;
import io.tidegate.gateway.ingest.Source;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.ingest.files.Clocks;
import io.tidegate.gateway.ingest.files.FileSource;
import io.tidegate.gateway.ingest.files.FileSources;
import io.tidegate.gateway.ingest.files.LineDecoders;
import io.tidegate.gateway.ingest.files.SpoolSettings;
import io.tidegate.gateway.ingest.files.TailSettings;
import io.tidegate.gateway.ingest.flume.FlumeSettings;
import io.tidegate.gateway.ingest.flume.FlumeSource;
import io.tidegate.gateway.ingest.http.HttpIngestSettings;
import io.tidegate.gateway.ingest.http.HttpSource;
import io.tidegate.gateway.ingest.mqtt.MqttSource;
import io.tidegate.gateway.ingest.mqtt.MqttSourceSettings;
import io.tidegate.gateway.ingest.mqtt.TopicDecoder;
import io.tidegate.gateway.ingest.syslog.SyslogSettings;
import io.tidegate.gateway.ingest.syslog.SyslogSource;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.ops.presence.PresencePublisher;
import io.tidegate.gateway.serve.ConsumerGroups;
import io.tidegate.gateway.serve.ServeContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The guardian's children, and how each is supervised. The guardian's thread only.
 *
 * @param broken told, on any thread, what broke in such a way that the process must end, and why
 */
record Children(
        ActorContext<?> context,
        GatewaySettings settings,
        LogStore store,
        GatewayEnvironment environment,
        SeenThrough seen,
        MeterRegistry metrics,
        BiConsumer<String, Throwable> broken) {

    /** As many as there may be connections: the bytes in flight are the limit. */
    private static final int MOST_REQUESTS = 1024;

    /** For those that close connections, which may wait a second. */
    private static final DispatcherSelector CONNECTIONS = DispatcherSelector.fromConfig("mqtt-connections");

    private static final DispatcherSelector USUAL = DispatcherSelector.defaultDispatcher();

    /** Retained topics can always be told again: it is restarted, and tells all that the log knows. */
    Optional<ActorRef<PresencePublisher.Command>> presence() {
        if (!settings.presence().enabled()) {
            return Optional.empty();
        }
        PresencePublisher.Settings publisher = new PresencePublisher.Settings(
                environment.transport(),
                settings.presence().endpoint(),
                settings.id(),
                environment.version(),
                environment.clock());
        return Optional.of(context.spawn(
                restarted(PresencePublisher.create(publisher, store::presence)), "presence", CONNECTIONS));
    }

    /** A log that can't write ends the process: what is on disk is the truth, and nothing is acknowledged after it. */
    ActorRef<EventLog.Command> eventLog(Optional<ActorRef<PresencePublisher.Command>> presence) {
        Consumer<List<Presence>> durable =
                changed -> presence.ifPresent(publisher -> publisher.tell(new PresencePublisher.Announce(changed)));
        ActorRef<EventLog.Command> eventLog =
                context.spawn(EventLog.create(store, durable, environment.clock()), "event-log");
        context.watch(eventLog);
        return eventLog;
    }

    /** A key group that fails ends the process: the offsets that it gave away can't be taken back. */
    List<ActorRef<KeyGroup.Command>> keyGroups(ActorRef<EventLog.Command> eventLog, KeyGroupCounters counters) {
        List<ActorRef<KeyGroup.Command>> keyGroups = new ArrayList<>();
        for (int i = 0; i < settings.keyGroups().count(); i++) {
            ActorRef<KeyGroup.Command> keyGroup = context.spawn(
                    KeyGroup.create(i, store, eventLog, seen, settings.keyGroups(), counters), "key-group-" + i);
            context.watch(keyGroup);
            keyGroups.add(keyGroup);
        }
        return keyGroups;
    }

    /** Cursors are on disk: it is restarted; receivers come again. */
    ActorRef<ConsumerGroups.Command> consumerGroups(ServeContext shared) {
        return context.spawn(
                restarted(ConsumerGroups.create(shared)), "consumer-groups", DispatcherSelector.blocking());
    }

    /** The sources that fetch, listen or read by themselves: one for each of the settings. None has started. */
    List<Source> sources(Admission admission, AccessLog.Reader weblogs, BodyDecoder bodies) {
        FileSources files = new FileSources(
                new FileSource.Environment(admission, seen),
                store,
                new LineDecoders(weblogs, settings.limits()),
                metrics,
                new Clocks(environment.clock(), System::nanoTime));
        SyslogSource.Environment syslog = new SyslogSource.Environment(admission, seen, bodies, metrics);
        TopicDecoder topics = new TopicDecoder(settings.routes(), settings.limits(), weblogs);
        List<Source> all = new ArrayList<>();
        // What was not acknowledged comes again.
        for (MqttSourceSettings source : settings.sources().mqtt()) {
            MqttSource.Environment mqtt = mqtt(source.name(), admission, topics);
            all.add(source(
                    source.name(),
                    health -> MqttSource.create(source, mqtt, health),
                    MqttSource.Stop.STOP,
                    CONNECTIONS));
        }
        // How far a file was read is in the log.
        for (SpoolSettings source : settings.sources().spool()) {
            all.add(source(source.name(), health -> files.spool(source, health), FileSource.Stop.STOP, USUAL));
        }
        for (TailSettings source : settings.sources().tail()) {
            all.add(source(source.name(), health -> files.tail(source, health), FileSource.Stop.STOP, USUAL));
        }
        // What it had received and not stored is lost; it takes what comes then.
        for (SyslogSettings source : settings.sources().syslog()) {
            all.add(source(
                    source.name(),
                    health -> SyslogSource.create(source, syslog, health),
                    SyslogSource.Stop.STOP,
                    USUAL));
        }
        return all;
    }

    /** A source that is restarted when it fails. */
    private <C> Source source(
            String name, Function<SourceHealth, Behavior<C>> behavior, C stop, DispatcherSelector dispatcher) {
        SourceHealth health = new SourceHealth(name);
        Behavior<C> restarted = restarted(behavior.apply(health));
        return new ActorSource<>(health, () -> context.spawn(restarted, "source-" + name, dispatcher), stop);
    }

    private MqttSource.Environment mqtt(String source, Admission admission, TopicDecoder topics) {
        return new MqttSource.Environment(
                environment.transport(),
                topics,
                admission,
                seen,
                metrics,
                environment.random(),
                () -> store.ledger().sources().containsKey(source));
    }

    private static <T> Behavior<T> restarted(Behavior<T> behavior) {
        return Behaviors.supervise(behavior)
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.2));
    }

    /** What is sent by HTTP. */
    HttpSource http(Admission admission, BodyDecoder bodies) {
        HttpIngestSettings http = settings.httpIngest();
        PushIngest ingest = ingest(admission, HttpIngestSettings.SOURCE, "by HTTP", MOST_REQUESTS, http.maxBatch());
        return HttpSource.create(context.getSystem(), http, bodies, ingest, store, seen::clockMs);
    }

    /** What Flume's agents push, each of which has one batch under way. */
    Optional<FlumeSource> flume(Admission admission, BodyDecoder bodies) {
        FlumeSettings flume = settings.flume();
        if (!flume.enabled()) {
            return Optional.empty();
        }
        PushIngest ingest =
                ingest(admission, FlumeSettings.SOURCE, "from Flume", flume.maxConnections(), flume.maxBatch());
        Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        return Optional.of(new FlumeSource(flume, ingest, store::full, bodies, metrics, blocking));
    }

    /** The log answers for what it holds: a stream that breaks has lost the log, and the process ends. */
    private PushIngest ingest(Admission admission, String name, String whence, int most, int maxBatch) {
        PushIngest ingest = new PushIngest(context.getSystem(), name, admission, seen, most, maxBatch);
        CompletionStage<?> unused = ingest.done().whenComplete((done, failure) -> {
            if (failure != null) {
                broken.accept("what came in " + whence, failure);
            }
        });
        return ingest;
    }
}
