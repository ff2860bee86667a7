package io.tidegate.gateway.ingest.syslog;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.ingest.SourceMeters;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a source tells about its port. Thread-safe. Metrics: {@code tidegate_syslog_connections}, {@code
 * tidegate_syslog_dropped_datagrams_total}.
 */
final class SyslogMeters {

    final SourceHealth health;
    /** What listens, or did last. */
    volatile @Nullable SyslogServer server;

    SyslogMeters(MeterRegistry registry, SourceHealth health) {
        this.health = health;
        SourceMeters meters = new SourceMeters(registry, health, "listens");
        meters.gauge(
                "tidegate.syslog.connections",
                "Senders that are connected over TCP",
                this,
                my -> my.of(SyslogServer::connections));
        meters.counter(
                "tidegate.syslog.dropped.datagrams",
                "Datagrams that the kernel dropped because its buffer was full, as far as it tells",
                this,
                my -> my.of(SyslogServer::drops));
    }

    private double of(ToDoubleFunction<SyslogServer> count) {
        return Optional.ofNullable(server).map(count::applyAsDouble).orElse(0.0);
    }
}
