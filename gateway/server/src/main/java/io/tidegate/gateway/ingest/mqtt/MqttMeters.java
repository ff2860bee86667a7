package io.tidegate.gateway.ingest.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.ingest.SourceMeters;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a source counts about its connection. Thread-safe. Metrics: {@code tidegate_source_connections_total}, {@code
 * tidegate_source_session_lost_total}, {@code tidegate_source_acknowledged_messages_total}, {@code
 * tidegate_source_redelivered_messages_total}, {@code tidegate_source_in_flight_messages}.
 */
final class MqttMeters {

    final SourceHealth health;
    final Counter connections;
    final Counter sessionsLost;
    final Counter acknowledged;
    final Counter redelivered;
    /** Of the connection that there is, or was last. */
    final AtomicReference<Receipts> receipts = new AtomicReference<>();

    MqttMeters(MeterRegistry registry, SourceHealth health) {
        this.health = health;
        SourceMeters meters = new SourceMeters(registry, health, "is connected and subscribed");
        connections = meters.counter("tidegate.source.connections", "Connections made");
        sessionsLost = meters.counter(
                "tidegate.source.session.lost",
                "Times the broker had forgotten our session, and with it what was queued for us");
        acknowledged = meters.counter("tidegate.source.acknowledged.messages", "Messages durable and acknowledged");
        redelivered = meters.counter(
                "tidegate.source.redelivered.messages",
                "Messages that the broker says it may have delivered before (the DUP flag)");
        meters.gauge(
                "tidegate.source.in.flight.messages",
                "Messages received and not durable yet",
                receipts,
                MqttMeters::inFlight);
    }

    private static double inFlight(AtomicReference<Receipts> receipts) {
        Receipts current = receipts.get();
        return current == null ? 0 : current.inFlight();
    }
}
