package io.tidegate.gateway.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.tidegate.gateway.admission.KeyGroupCounters;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.log.GroupCursors;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.Tally;
import io.tidegate.gateway.serve.ConsumerCounters;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's metrics that are read from what it keeps anyway. Labels come from configuration and from enums: their
 * number is bounded whatever devices send.
 */
public final class GatewayMeters {

    private GatewayMeters() {}

    /** What a source's events became. */
    private enum Outcome {
        LOGGED,
        DUPLICATE,
        DEAD_LETTERED,
        REFUSED,
        PRESENCE,
        RETAINED_IGNORED;

        long of(Tally tally) {
            return switch (this) {
                case LOGGED -> tally.logged();
                case DUPLICATE -> tally.duplicate();
                case DEAD_LETTERED -> tally.deadLettered();
                case REFUSED -> tally.refused();
                case PRESENCE -> tally.presence();
                case RETAINED_IGNORED -> tally.retainedIgnored();
            };
        }
    }

    /** The JVM, the log, the sources' events and the groups' lag. */
    public static void register(MeterRegistry registry, LogStore store, List<String> sources, List<String> groups) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Meters<LogStore> meters = new Meters<>(registry, store);
        sources.forEach(source -> source(meters, source));
        groups.forEach(group -> group(meters, group));
        for (Reason reason : Reason.values()) {
            meters.count(
                    "tidegate.dead.letters",
                    "Dead letters since the log was begun",
                    s -> s.deadLetterCounts().getOrDefault(reason.label(), 0L),
                    "reason",
                    reason.label());
        }
        log(meters);
        meters.gauge(
                "tidegate.ledger.residual",
                "Events that the ledger can't explain: 0, or there is a defect",
                s -> Ledger.of(s).residual());
    }

    private static void source(Meters<LogStore> meters, String source) {
        String description = "Events received since the log was begun";
        meters.count(
                "tidegate.events.received", description, s -> tally(s, source).received(), "source", source);
        for (Outcome outcome : Outcome.values()) {
            meters.count(
                    "tidegate.events",
                    description + ", by what became of them",
                    s -> outcome.of(tally(s, source)),
                    "source",
                    source,
                    "outcome",
                    outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private static Tally tally(LogStore store, String source) {
        return store.ledger().sources().getOrDefault(source, Tally.ZERO);
    }

    private static void group(Meters<LogStore> meters, String group) {
        meters.gauge(
                "tidegate.group.waiting.events",
                "Events logged and not yet delivered to the consumer group",
                s -> line(s, group, Ledger.GroupLine::waiting),
                "group",
                group);
        meters.count(
                "tidegate.group.committed.events",
                "Events that the consumer group needs no more",
                s -> line(s, group, Ledger.GroupLine::committed),
                "group",
                group);
        meters.gauge(
                "tidegate.group.uncommitted.events",
                "Events delivered to the consumer group and not yet committed by it",
                s -> line(s, group, Ledger.GroupLine::deliveredUncommitted),
                "group",
                group);
        meters.count(
                "tidegate.group.expired.events",
                "Events that expired in a full log before the consumer group had committed them",
                s -> s.expired(group).events(),
                "group",
                group);
    }

    private static double line(LogStore store, String group, ToLongFunction<Ledger.GroupLine> field) {
        @Nullable GroupCursors cursors = store.groups().get(group);
        return cursors == null
                ? 0
                : field.applyAsLong(Ledger.GroupLine.of(
                        cursors, store.ledger().logged(), store.expired(group).events()));
    }

    private static void log(Meters<LogStore> meters) {
        meters.count(
                "tidegate.log.events",
                "Events logged since the log was begun",
                s -> s.ledger().logged());
        meters.count(
                "tidegate.log.trimmed.events",
                "Events trimmed since the log was begun",
                s -> s.ledger().trimmed());
        meters.gauge(
                "tidegate.log.retained.events",
                "Events in the log",
                s -> s.ledger().retained());
        meters.gauge("tidegate.log.retained.bytes", "Their size, encoded, before compression", LogStore::bytes);
        meters.gauge(
                "tidegate.log.max.bytes",
                "The quota above which nothing is acknowledged",
                s -> s.settings().maxBytes());
        meters.count(
                "tidegate.groups.dropped",
                "Consumer groups dropped because nobody came for them",
                LogStore::droppedGroups);
    }

    /** What receivers got. */
    public static void registerReceivers(MeterRegistry registry, ConsumerCounters counters) {
        Meters<ConsumerCounters> meters = new Meters<>(registry, counters);
        meters.gauge(
                "tidegate.receivers.connected",
                "Receivers that are connected",
                c -> c.connected().size());
        meters.count("tidegate.receiver.sessions", "Sessions opened", ConsumerCounters::sessions);
        meters.count("tidegate.sent.frames", "Frames sent to receivers", ConsumerCounters::frames);
        meters.count("tidegate.sent.events", "Events sent, again and again", ConsumerCounters::events);
        meters.count("tidegate.sent.bytes", "Bytes of the chunks sent", ConsumerCounters::bytes);
    }

    /** Devices and time. */
    public static void registerDevices(MeterRegistry registry, KeyGroupCounters keyGroups, SeenThrough seen) {
        Meters<KeyGroupCounters> meters = new Meters<>(registry, keyGroups);
        meters.gauge("tidegate.devices", "Devices tracked", KeyGroupCounters::devices);
        Gauge.builder("tidegate.devices.memory", keyGroups, KeyGroupCounters::devicesMemory)
                .description("About how much of the heap what is known of devices takes")
                .baseUnit("bytes")
                .register(registry);
        meters.count(
                "tidegate.sequence.restarts",
                "Readings whose known sequence number came with another time or payload",
                KeyGroupCounters::sequenceRestarts);
        meters.count(
                "tidegate.untracked.events",
                "Events logged without being tracked, because of the limits on devices, metrics and memory",
                KeyGroupCounters::untracked);
        meters.count(
                "tidegate.devices.forgotten",
                "Devices that were away and made room for others, because of the limits on devices and memory",
                KeyGroupCounters::devicesForgotten);
        new Meters<>(registry, seen)
                .gauge(
                        "tidegate.seen.through.seconds",
                        "Everything received before this time is in the log, as a UNIX time",
                        s -> s.now() / 1e3);
    }

    /** Metrics that are read from one object; {@code labels} are names and values. */
    private record Meters<T>(MeterRegistry registry, T of) {

        void gauge(String name, String description, ToDoubleFunction<T> value, String... labels) {
            Gauge.builder(name, of, value).description(description).tags(labels).register(registry);
        }

        void count(String name, String description, ToDoubleFunction<T> count, String... labels) {
            FunctionCounter.builder(name, of, count)
                    .description(description)
                    .tags(labels)
                    .register(registry);
        }
    }
}
