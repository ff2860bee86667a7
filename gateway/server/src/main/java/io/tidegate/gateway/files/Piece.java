package io.tidegate.gateway.files;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.Mark;
import java.util.List;

/**
 * Some lines of a file.
 *
 * @param origin the file
 * @param events what they say
 * @param marks how far the file has been read, for the same commit
 * @param durable run once all of it is on disk, in the order of the pieces, on a thread that may wait for the disk
 */
record Piece(String origin, Decoded.Events events, List<Mark> marks, Runnable durable) {

    static final Decoded.Events NOTHING = new Decoded.Events(List.of(), List.of());

    /** Nothing was read. */
    static Piece empty(String origin) {
        return new Piece(origin, NOTHING, List.of(), () -> {});
    }

    /** Lines for which nothing is left to do when they are on disk. */
    static Piece of(String origin, Decoded.Events events, List<Mark> marks) {
        return new Piece(origin, events, marks, () -> {});
    }
}
