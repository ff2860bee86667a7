package io.tidegate.gateway.ingest.files;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.ingest.SourceMeters;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a source counts about its files. Thread-safe. Metrics: {@code tidegate_source_waiting_files}, and {@code
 * tidegate_source_files_total} with {@code outcome} {@code completed} (all its lines are on disk), {@code repeated} (the same
 * content came again under its name), {@code bad} (in quarantine), {@code rotated} (a log that was renamed or copied away, and
 * finished), {@code lost} (a log that went away before it was read to its end, as far as can be known).
 */
final class FileMeters {

    final Counter completed;
    final Counter repeated;
    final Counter bad;
    final Counter rotated;
    final Counter lost;
    final AtomicLong waiting = new AtomicLong();

    FileMeters(MeterRegistry registry, SourceHealth health) {
        SourceMeters meters = new SourceMeters(registry, health, "can look at all of its files");
        completed = outcome(meters, "completed");
        repeated = outcome(meters, "repeated");
        bad = outcome(meters, "bad");
        rotated = outcome(meters, "rotated");
        lost = outcome(meters, "lost");
        meters.gauge(
                "tidegate.source.waiting.files",
                "Files that are not read to their end",
                waiting,
                AtomicLong::doubleValue);
    }

    private static Counter outcome(SourceMeters meters, String outcome) {
        return meters.counter(
                "tidegate.source.files",
                "Files that the source has done with, by what became of them",
                "outcome",
                outcome);
    }
}
