package io.tidegate.gateway.ingest;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.StateUpdate;
import java.util.List;

/**
 * A piece that somebody has pushed to us and waits for: a request's body, a batch of a shipper.
 *
 * @param origin where it came from: a path, a peer
 * @param decode reads it, on any thread; never throws
 * @param state what must be durable together with what was read of it
 */
public record PushRequest(String origin, Decode decode, StateUpdates state) {

    /** Reads the piece. */
    @FunctionalInterface
    public interface Decode {
        /** What it says. */
        Decoded.Events at(long receivedMs);
    }

    /** Notes about what was read. */
    @FunctionalInterface
    public interface StateUpdates {
        /** Called once, in the order of receipt. */
        List<StateUpdate> of(Decoded.Events events);
    }
}
