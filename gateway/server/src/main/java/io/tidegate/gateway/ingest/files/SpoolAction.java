package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.ingest.files.FileContent.Likeness;
import io.tidegate.gateway.ingest.files.SpoolFileState.State;
import java.io.IOException;
import java.nio.file.Path;

/** What is to happen to a file of a spool directory, by what is known of its name and by its content. */
enum SpoolAction {
    /** Read it from its beginning: nothing is known of it, or it is another file of the same name. */
    START,
    /** Read it from where it was left. */
    GO_ON,
    /** All of it has been read: rename, delete or track it. */
    FINISH,
    /** It changed after it was taken as complete. */
    CHANGED,
    /** It is bad, and its dead letter is on disk: move it. */
    QUARANTINE,
    /** It has been read and stays where it is. */
    LEAVE;

    /**
     * Judges a file of which something is known. Only a file that looks other than it did is read for it.
     *
     * @param stays whether files stay where they are when they have been read
     */
    static SpoolAction of(Path file, FileStat now, SpoolFileState known, boolean stays) throws IOException {
        if (now.equals(known.stat())) {
            return ofThatFile(known.state(), stays);
        }
        Likeness likeness = FileContent.compare(
                file, known.position().behind().offset(), known.position().hash());
        // An empty file that has grown is as good as a new one: nothing of it was read.
        boolean sameInode =
                now.inode() == known.stat().inode() && known.position().behind().offset() > 0;
        return switch (known.state()) {
            case READING -> ofHalfRead(likeness, sameInode);
            case COMPLETE -> ofRead(likeness, sameInode, FINISH);
            case DONE -> ofRead(likeness, sameInode && stays, stays ? LEAVE : FINISH);
            case BAD -> sameInode ? QUARANTINE : ofParted(likeness);
            case PARTED -> ofParted(likeness);
        };
    }

    private static SpoolAction ofThatFile(State state, boolean stays) {
        return switch (state) {
            case READING, PARTED -> GO_ON;
            case COMPLETE -> FINISH;
            case DONE -> stays ? LEAVE : FINISH;
            case BAD -> QUARANTINE;
        };
    }

    /** A file that grew in its place was not complete; one that replaced it, and begins so, can be read on. */
    private static SpoolAction ofHalfRead(Likeness likeness, boolean sameInode) {
        if (likeness == Likeness.OTHER) {
            return START;
        }
        return sameInode ? CHANGED : GO_ON;
    }

    private static SpoolAction ofRead(Likeness likeness, boolean sameFile, SpoolAction repeated) {
        return switch (likeness) {
            case SAME -> repeated;
            case LONGER -> sameFile ? CHANGED : START;
            case OTHER -> START;
        };
    }

    /** It comes back repaired, or it is another one. */
    private static SpoolAction ofParted(Likeness likeness) {
        return likeness == Likeness.OTHER ? START : GO_ON;
    }
}
