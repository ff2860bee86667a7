package io.tidegate.gateway.log;

import java.util.List;
import java.util.Optional;

/**
 * What one append writes.
 *
 * @param source where it came from
 * @param tally what became of the source's events; changes its totals
 * @param chunk events
 * @param deadLetters rejections
 * @param presence new presence of devices
 * @param state what a source stores about these events, or a key group about its devices
 * @param transaction the appends that must be in the same commit as this one
 */
public record LogWrite(
        String source,
        Tally tally,
        Optional<PendingChunk> chunk,
        List<DeadLetter> deadLetters,
        List<Presence> presence,
        List<StateUpdate> state,
        Optional<Transaction> transaction) {

    /** A write for itself, without state. */
    public LogWrite(
            String source,
            Tally tally,
            Optional<PendingChunk> chunk,
            List<DeadLetter> deadLetters,
            List<Presence> presence) {
        this(source, tally, chunk, deadLetters, presence, List.of(), Optional.empty());
    }
}
