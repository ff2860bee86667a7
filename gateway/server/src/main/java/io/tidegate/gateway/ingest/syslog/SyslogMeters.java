package io.tidegate.gateway.ingest.syslog;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.ingest.SourceHealth;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a source tells about its port; what became of messages is in the ledger. Thread-safe. Metrics, all labelled {@code
 * source}: {@code tidegate_source_connected}, {@code tidegate_syslog_connections}, {@code
 * tidegate_syslog_dropped_datagrams_total}.
 */
final class SyslogMeters {

    private final SourceHealth health;
    private final AtomicReference<@Nullable SyslogServer> server = new AtomicReference<>();

    SyslogMeters(MeterRegistry registry, SourceHealth health) {
        this.health = health;
        Gauge.builder("tidegate.source.connected", health, h -> h.isRunning() ? 1 : 0)
                .tag("source", health.source())
                .description("1 while the source listens")
                .register(registry);
        Gauge.builder("tidegate.syslog.connections", this, SyslogMeters::connections)
                .tag("source", health.source())
                .description("Senders that are connected over TCP")
                .register(registry);
        FunctionCounter.builder("tidegate.syslog.dropped.datagrams", this, SyslogMeters::drops)
                .tag("source", health.source())
                .description("Datagrams that the kernel dropped because its buffer was full, as far as it tells")
                .register(registry);
    }

    SourceHealth health() {
        return health;
    }

    void listening(SyslogServer current) {
        server.set(current);
    }

    private double connections() {
        SyslogServer current = server.get();
        return current == null ? 0 : current.connections();
    }

    private double drops() {
        SyslogServer current = server.get();
        return current == null ? 0 : current.drops();
    }
}
