package io.tidegate.gateway.ingest.files;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.ingest.SourceHealth;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a source counts about its files since this process started; what became of their lines is in the ledger.
 * Thread-safe. Metrics, all labelled {@code source}: {@code tidegate_source_connected}, {@code tidegate_source_waiting_files},
 * and {@code tidegate_source_files_total} with {@code outcome} {@code completed} (all its lines are on disk), {@code repeated}
 * (the same content came again under its name), {@code bad} (in quarantine), {@code rotated} (a log that was renamed or copied
 * away, and finished), {@code lost} (a log that went away before it was read to its end, as far as can be known).
 */
final class FileMeters {

    private final Counter completed;
    private final Counter repeated;
    private final Counter bad;
    private final Counter rotated;
    private final Counter lost;
    private final AtomicLong waiting = new AtomicLong();

    FileMeters(MeterRegistry registry, SourceHealth health) {
        String source = health.source();
        completed = outcome(registry, source, "completed");
        repeated = outcome(registry, source, "repeated");
        bad = outcome(registry, source, "bad");
        rotated = outcome(registry, source, "rotated");
        lost = outcome(registry, source, "lost");
        Gauge.builder("tidegate.source.connected", health, h -> h.isRunning() ? 1 : 0)
                .tag("source", source)
                .description("1 while the source can look at all of its files")
                .register(registry);
        Gauge.builder("tidegate.source.waiting.files", waiting, AtomicLong::doubleValue)
                .tag("source", source)
                .description("Files that are not read to their end")
                .register(registry);
    }

    private static Counter outcome(MeterRegistry registry, String source, String outcome) {
        return Counter.builder("tidegate.source.files")
                .tag("source", source)
                .tag("outcome", outcome)
                .description("Files that the source has done with, by what became of them")
                .register(registry);
    }

    void completed() {
        completed.increment();
    }

    void repeated() {
        repeated.increment();
    }

    void bad() {
        bad.increment();
    }

    void rotated() {
        rotated.increment();
    }

    void lost() {
        lost.increment();
    }

    void waiting(long files) {
        waiting.set(files);
    }
}
