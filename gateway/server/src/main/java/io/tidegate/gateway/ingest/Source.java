package io.tidegate.gateway.ingest;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where events come from, of whatever kind: what the guardian knows of a source.
 *
 * <pre>
 *   (made) ──start──▶ takes events in ──drain──▶ (everything that it took is on disk, and confirmed)
 * </pre>
 *
 * <p>{@link #start} and {@link #drain} are called by the guardian, each once; {@link #check} and {@link #name} by any thread.
 */
public interface Source {

    /** Labels its metrics, its dead letters and its line in the ledger. */
    String name();

    /**
     * Takes events in from now on.
     *
     * @throws IOException when it can't and never will, which ends the process
     */
    void start() throws IOException;

    /** How it is; empty, unless it says otherwise: nothing of it can be away, it works as long as the gateway does. */
    default Optional<SourceHealth> check() {
        return Optional.empty();
    }

    /**
     * Takes nothing more, and brings what it took to disk. Does not block.
     *
     * @param patience so long a log that holds back is waited for
     * @return done when everything is on disk and confirmed; fails when it is not within the patience
     */
    CompletionStage<Void> drain(Duration patience);
}
