package io.tidegate.gateway.ingest.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import io.tidegate.gateway.ingest.SourceHealth;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a source counts about its connection since this process started; what became of its events is in the ledger.
 * Thread-safe. Metrics, all labelled {@code source}: {@code tidegate_source_connected},
 * {@code tidegate_source_connections_total}, {@code tidegate_source_session_lost_total},
 * {@code tidegate_source_acknowledged_messages_total}, {@code tidegate_source_redelivered_messages_total}, {@code tidegate_source_in_flight_messages}.
 */
final class MqttMeters {

    private final SourceHealth health;
    private final Counter connections;
    private final Counter sessionsLost;
    private final Counter acknowledged;
    private final Counter redelivered;
    private final AtomicReference<Receipts> receipts = new AtomicReference<>();

    MqttMeters(MeterRegistry registry, SourceHealth health) {
        this.health = health;
        String source = health.source();
        connections = counter(registry, "tidegate.source.connections", source, "Connections made");
        sessionsLost = counter(
                registry,
                "tidegate.source.session.lost",
                source,
                "Times the broker had forgotten our session, and with it what was queued for us");
        acknowledged =
                counter(registry, "tidegate.source.acknowledged.messages", source, "Messages durable and acknowledged");
        redelivered = counter(
                registry,
                "tidegate.source.redelivered.messages",
                source,
                "Messages that the broker says it may have delivered before (the DUP flag)");
        Gauge.builder("tidegate.source.connected", health, h -> h.isRunning() ? 1 : 0)
                .tag("source", source)
                .description("1 while the source is connected and subscribed")
                .register(registry);
        Gauge.builder("tidegate.source.in.flight.messages", receipts, MqttMeters::inFlight)
                .tag("source", source)
                .description("Messages received and not durable yet")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String source, String description) {
        return Counter.builder(name)
                .tag("source", source)
                .description(description)
                .register(registry);
    }

    private static double inFlight(AtomicReference<Receipts> receipts) {
        Receipts current = receipts.get();
        return current == null ? 0 : current.inFlight();
    }

    SourceHealth health() {
        return health;
    }

    void receiving(Receipts current) {
        receipts.set(current);
    }

    void connected() {
        connections.increment();
    }

    void sessionLost() {
        sessionsLost.increment();
    }

    void redelivered() {
        redelivered.increment();
    }

    void acknowledged(int messages) {
        acknowledged.increment(messages);
    }
}
