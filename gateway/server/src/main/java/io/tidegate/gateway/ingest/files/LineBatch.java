package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.StateUpdate;
import java.util.List;

/**
 * Some lines of a file.
 *
 * @param origin the file
 * @param events what they say
 * @param state how far the file has been read, for the same commit
 * @param durable run once all of it is on disk, in the order of the pieces, on a thread that may wait for the disk
 */
record LineBatch(String origin, Decoded.Events events, List<StateUpdate> state, Runnable durable) {

    static final Decoded.Events NOTHING = new Decoded.Events(List.of(), List.of());

    /** Nothing was read. */
    static LineBatch empty(String origin) {
        return new LineBatch(origin, NOTHING, List.of(), () -> {});
    }

    /** Lines for which nothing is left to do when they are on disk. */
    static LineBatch of(String origin, Decoded.Events events, List<StateUpdate> state) {
        return new LineBatch(origin, events, state, () -> {});
    }
}
