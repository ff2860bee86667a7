package io.tidegate.gateway;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.ShutdownSequence.Stoppable;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.KeyGroup;
import io.tidegate.gateway.admission.KeyGroupCounters;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.decode.accesslog.AccessLog;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.PushIngest;
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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The guardian's children, and how each is supervised. The guardian's thread only. */
record Children(
        ActorContext<?> context,
        GatewaySettings settings,
        LogStore store,
        GatewayEnvironment environment,
        SeenThrough seen,
        MeterRegistry metrics) {

    /** As many as there may be connections: the bytes in flight are the limit. */
    private static final int MOST_REQUESTS = 1024;

    /** For those that close connections, which may wait a second. */
    private static final DispatcherSelector CONNECTIONS = DispatcherSelector.fromConfig("mqtt-connections");

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

    /** All sources, of every kind. */
    List<Stoppable> sources(
            Map<String, SourceHealth> health, Admission admission, AccessLog.Reader weblogs, BodyDecoder bodies) {
        FileSources files = new FileSources(
                new FileSource.Environment(admission, seen),
                store,
                new LineDecoders(weblogs, settings.limits()),
                metrics,
                new Clocks(environment.clock(), System::nanoTime));
        List<Stoppable> all = new ArrayList<>();
        for (MqttSourceSettings source : settings.sources().mqtt()) {
            all.add(mqtt(source, of(health, source.name()), admission, weblogs));
        }
        for (SpoolSettings source : settings.sources().spool()) {
            all.add(files(source.name(), files.spool(source, of(health, source.name()))));
        }
        for (TailSettings source : settings.sources().tail()) {
            all.add(files(source.name(), files.tail(source, of(health, source.name()))));
        }
        SyslogSource.Environment syslog = new SyslogSource.Environment(admission, seen, bodies, metrics);
        for (SyslogSettings source : settings.sources().syslog()) {
            all.add(syslog(source, SyslogSource.create(source, syslog, of(health, source.name()))));
        }
        return all;
    }

    private static SourceHealth of(Map<String, SourceHealth> health, String source) {
        return Objects.requireNonNull(health.get(source));
    }

    /** How far a file was read is in the log: it is restarted. */
    private Stoppable files(String name, Behavior<FileSource.Command> source) {
        return Stoppable.of(context.spawn(restarted(source), "source-" + name), FileSource.Stop.STOP);
    }

    /** What it had received and not stored is lost; it is restarted, and takes what comes then. */
    private Stoppable syslog(SyslogSettings settings, Behavior<SyslogSource.Command> source) {
        return Stoppable.of(context.spawn(restarted(source), "source-" + settings.name()), SyslogSource.Stop.STOP);
    }

    /** What was not acknowledged comes again: it is restarted. */
    private Stoppable mqtt(
            MqttSourceSettings source, SourceHealth itsHealth, Admission admission, AccessLog.Reader weblogs) {
        MqttSource.Environment mqtt = new MqttSource.Environment(
                environment.transport(),
                new TopicDecoder(settings.routes(), settings.limits(), weblogs),
                admission,
                seen,
                metrics,
                environment.random(),
                () -> store.ledger().sources().containsKey(source.name()));
        return Stoppable.of(
                context.spawn(
                        restarted(MqttSource.create(source, mqtt, itsHealth)), "source-" + source.name(), CONNECTIONS),
                MqttSource.Stop.STOP);
    }

    private static <T> Behavior<T> restarted(Behavior<T> behavior) {
        return Behaviors.supervise(behavior)
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.2));
    }

    /** What it holds is answered for by the log: a stream that breaks has lost the log, and the process ends. */
    PushIngest httpIntake(Admission admission) {
        int maxBatch = settings.httpIngest().maxBatch();
        return new PushIngest(context.getSystem(), HttpIngestSettings.SOURCE, admission, seen, MOST_REQUESTS, maxBatch);
    }

    /**
     * The same for Flume's agents, each of which has one batch under way.
     *
     * @throws IOException when nobody can listen there
     */
    Optional<FlumeSource> flume(Admission admission, BodyDecoder bodies) throws IOException {
        FlumeSettings flume = settings.flume();
        if (!flume.enabled()) {
            return Optional.empty();
        }
        PushIngest ingest = new PushIngest(
                context.getSystem(), FlumeSettings.SOURCE, admission, seen, flume.maxConnections(), flume.maxBatch());
        return Optional.of(FlumeSource.start(flume, ingest, store::full, bodies, metrics));
    }
}
