package io.tidegate.gateway.ingest.files;

import akka.actor.typed.Behavior;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.log.LogStore;

/**
 * Makes the sources of files.
 *
 * @param store knows what has been read
 * @param decoders read lines
 */
public record FileSources(
        FileSource.Environment environment,
        LogStore store,
        LineDecoders decoders,
        MeterRegistry registry,
        Clocks clocks) {

    /** A source that reads a spool directory, see {@link SpoolScanner}. */
    public Behavior<FileSource.Command> spool(SpoolSettings settings, SourceHealth health) {
        // Counts go on when the source is restarted.
        FileMeters meters = new FileMeters(registry, health);
        return FileSource.create(
                settings.rules().files(),
                () -> new SpoolScanner(settings, store::state, decoders, meters, clocks),
                environment,
                health);
    }

    /** A source that follows logs, see {@link TailScanner}. */
    public Behavior<FileSource.Command> tail(TailSettings settings, SourceHealth health) {
        FileMeters meters = new FileMeters(registry, health);
        return FileSource.create(
                settings.rules().files(),
                () -> new TailScanner(settings, store::state, decoders, meters, clocks),
                environment,
                health);
    }
}
