package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.LineSplitter.Place;
import java.util.HexFormat;
import java.util.List;

/**
 * What is known of a file of a spool directory; stored by its name, in the same commit as its lines.
 *
 * <pre>
 *            end of the file               renamed, deleted, tracked
 *  READING ──────────────────▶ COMPLETE ───────────────────────────▶ DONE
 *     │ damaged, changed           │ changed
 *     ▼                            ▼       in quarantine, taken away
 *    BAD ◀─────────────────────────┘ ─────────────────────────────▶ PARTED
 * </pre>
 *
 * @param stat the file when it was taken as complete
 * @param position how far it has been read
 * @param reason why it is bad; empty: it is not
 * @param sinceMs when this was noted, ms since the epoch
 */
record SpoolFileState(State state, FileStat stat, Position position, String reason, long sinceMs) {

    /** How far it went with a file. */
    enum State {
        /** Some of its lines are on disk. */
        READING,
        /** All of its lines are on disk; what {@code done} says has not happened, or nobody knows. */
        COMPLETE,
        /** Its dead letter is on disk; it has not been moved to quarantine, or nobody knows. */
        BAD,
        /** Read, and done with. */
        DONE,
        /** It went away before its end. What follows under its name goes on behind its last line, if it begins as it did. */
        PARTED
    }

    /**
     * A place between two lines.
     *
     * @param behind the last line, and the unpacked byte behind it
     * @param hash SHA-256 of the unpacked bytes before it, in hexadecimal digits
     * @param directives for the decoder that goes on here
     */
    record Position(Place behind, String hash, List<String> directives) {

        /** The beginning of a file. */
        static final Position START = new Position(
                new Place(0, 0), HexFormat.of().formatHex(FileContent.digest().digest()), List.of());
    }

    /** Done with it, one way or the other. */
    SpoolFileState over(long nowMs) {
        State over = state == State.COMPLETE || state == State.DONE ? State.DONE : State.PARTED;
        return new SpoolFileState(over, stat, position, reason, nowMs);
    }

    /** The same file, which looks other than it did. */
    SpoolFileState looking(FileStat now) {
        return new SpoolFileState(state, now, position, reason, sinceMs);
    }

    boolean isOver() {
        return state == State.DONE || state == State.PARTED;
    }
}
