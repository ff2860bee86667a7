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
        sources.forEach(source -> sourceEvents(registry, store, source));
        groups.forEach(group -> {
            groupLag(registry, store, group);
            groupExpired(registry, store, group);
        });
        for (Reason reason : Reason.values()) {
            FunctionCounter.builder("tidegate.dead.letters", store, s -> deadLetters(s, reason))
                    .description("Dead letters since the log was begun")
                    .tag("reason", reason.label())
                    .register(registry);
        }
        log(registry, store);
        Gauge.builder("tidegate.ledger.residual", store, s -> Ledger.of(s).residual())
                .description("Events that the ledger can't explain: 0, or there is a defect")
                .register(registry);
    }

    private static void sourceEvents(MeterRegistry registry, LogStore store, String source) {
        FunctionCounter.builder(
                        "tidegate.events.received", store, s -> tally(s, source).received())
                .description("Events received since the log was begun")
                .tag("source", source)
                .register(registry);
        for (Outcome outcome : Outcome.values()) {
            FunctionCounter.builder("tidegate.events", store, s -> outcome.of(tally(s, source)))
                    .description("Events received since the log was begun, by what became of them")
                    .tag("source", source)
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .register(registry);
        }
    }

    private static Tally tally(LogStore store, String source) {
        return store.ledger().sources().getOrDefault(source, Tally.ZERO);
    }

    private static double deadLetters(LogStore store, Reason reason) {
        return store.deadLetterCounts().getOrDefault(reason.label(), 0L);
    }

    private static void groupLag(MeterRegistry registry, LogStore store, String group) {
        Gauge.builder("tidegate.group.waiting.events", store, s -> line(s, group, Ledger.GroupLine::waiting))
                .description("Events logged and not yet delivered to the consumer group")
                .tag("group", group)
                .register(registry);
        FunctionCounter.builder(
                        "tidegate.group.committed.events", store, s -> line(s, group, Ledger.GroupLine::committed))
                .description("Events that the consumer group needs no more")
                .tag("group", group)
                .register(registry);
        Gauge.builder(
                        "tidegate.group.uncommitted.events",
                        store,
                        s -> line(s, group, Ledger.GroupLine::deliveredUncommitted))
                .description("Events delivered to the consumer group and not yet committed by it")
                .tag("group", group)
                .register(registry);
    }

    private static void groupExpired(MeterRegistry registry, LogStore store, String group) {
        FunctionCounter.builder(
                        "tidegate.group.expired.events",
                        store,
                        s -> s.expired(group).events())
                .description("Events that expired in a full log before the consumer group had committed them")
                .tag("group", group)
                .register(registry);
    }

    private static double line(LogStore store, String group, ToLongFunction<Ledger.GroupLine> field) {
        @Nullable GroupCursors cursors = store.groups().get(group);
        return cursors == null
                ? 0
                : field.applyAsLong(Ledger.GroupLine.of(
                        cursors, store.ledger().logged(), store.expired(group).events()));
    }

    private static void log(MeterRegistry registry, LogStore store) {
        count(
                registry,
                "tidegate.log.events",
                "Events logged since the log was begun",
                store,
                s -> s.ledger().logged());
        count(
                registry,
                "tidegate.log.trimmed.events",
                "Events trimmed since the log was begun",
                store,
                s -> s.ledger().trimmed());
        Gauge.builder("tidegate.log.retained.events", store, s -> s.ledger().retained())
                .description("Events in the log")
                .register(registry);
        Gauge.builder("tidegate.log.retained.bytes", store, LogStore::bytes)
                .description("Their size, encoded, before compression")
                .register(registry);
        Gauge.builder("tidegate.log.max.bytes", store, s -> s.settings().maxBytes())
                .description("The quota above which nothing is acknowledged")
                .register(registry);
        count(
                registry,
                "tidegate.groups.dropped",
                "Consumer groups dropped because nobody came for them",
                store,
                LogStore::droppedGroups);
    }

    /** What receivers got. */
    public static void registerReceivers(MeterRegistry registry, ConsumerCounters counters) {
        Gauge.builder(
                        "tidegate.receivers.connected",
                        counters,
                        c -> c.connected().size())
                .description("Receivers that are connected")
                .register(registry);
        count(registry, "tidegate.receiver.sessions", "Sessions opened", counters, ConsumerCounters::sessions);
        count(registry, "tidegate.sent.frames", "Frames sent to receivers", counters, ConsumerCounters::frames);
        count(registry, "tidegate.sent.events", "Events sent, again and again", counters, ConsumerCounters::events);
        count(registry, "tidegate.sent.bytes", "Bytes of the chunks sent", counters, ConsumerCounters::bytes);
    }

    private static <T> void count(
            MeterRegistry registry, String name, String description, T counters, ToDoubleFunction<T> count) {
        FunctionCounter.builder(name, counters, count).description(description).register(registry);
    }

    /** Devices and time. */
    public static void registerDevices(MeterRegistry registry, KeyGroupCounters keyGroups, SeenThrough seen) {
        Gauge.builder("tidegate.devices", keyGroups, KeyGroupCounters::devices)
                .description("Devices tracked")
                .register(registry);
        Gauge.builder("tidegate.devices.memory", keyGroups, KeyGroupCounters::devicesMemory)
                .description("About how much of the heap what is known of devices takes")
                .baseUnit("bytes")
                .register(registry);
        count(
                registry,
                "tidegate.sequence.restarts",
                "Readings whose known sequence number came with another time or payload",
                keyGroups,
                KeyGroupCounters::sequenceRestarts);
        count(
                registry,
                "tidegate.untracked.events",
                "Events logged without being tracked, because of the limits on devices, metrics and memory",
                keyGroups,
                KeyGroupCounters::untracked);
        count(
                registry,
                "tidegate.devices.forgotten",
                "Devices that were away and made room for others, because of the limits on devices and memory",
                keyGroups,
                KeyGroupCounters::devicesForgotten);
        Gauge.builder("tidegate.seen.through.seconds", seen, s -> s.now() / 1e3)
                .description("Everything received before this time is in the log, as a UNIX time")
                .register(registry);
    }
}
