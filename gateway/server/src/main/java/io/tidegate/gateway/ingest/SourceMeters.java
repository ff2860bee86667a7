package io.tidegate.gateway.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one source since this process started, all labelled {@code source}: {@code tidegate_source_connected}, and what
 * its kind counts beside. What became of its events is in the ledger. Made once, so counts go on when the source is restarted.
 * Thread-safe.
 */
public final class SourceMeters {

    private final MeterRegistry registry;
    private final String source;

    /**
     * The metrics of a source.
     *
     * @param connected when the source is connected, for people
     */
    public SourceMeters(MeterRegistry registry, SourceHealth health, String connected) {
        this.registry = registry;
        this.source = health.source();
        gauge("tidegate.source.connected", "1 while the source " + connected, health, h -> h.isRunning() ? 1 : 0);
    }

    /**
     * A counter.
     *
     * @param labels names and values, beside {@code source}
     */
    public Counter counter(String name, String description, String... labels) {
        return Counter.builder(name)
                .tag("source", source)
                .tags(labels)
                .description(description)
                .register(registry);
    }

    /** A counter that is read from what counts anyway. */
    public <T> void counter(String name, String description, T of, ToDoubleFunction<T> count) {
        FunctionCounter.builder(name, of, count)
                .tag("source", source)
                .description(description)
                .register(registry);
    }

    /** A value that goes up and down. */
    public <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .tag("source", source)
                .description(description)
                .register(registry);
    }
}
