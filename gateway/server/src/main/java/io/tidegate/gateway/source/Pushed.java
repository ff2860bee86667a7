package io.tidegate.gateway.source;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.Mark;
import java.util.List;

/**
 * A piece that somebody has pushed to us and waits for: a request's body, a batch of a shipper.
 *
 * @param origin where it came from: a path, a peer
 * @param decode reads it, on any thread; never throws
 * @param marks what must be durable together with what was read of it
 */
public record Pushed(String origin, Decode decode, Marks marks) {

    /** Reads the piece. */
    @FunctionalInterface
    public interface Decode {
        /** What it says. */
        Decoded.Events at(long receivedMs);
    }

    /** Notes about what was read. */
    @FunctionalInterface
    public interface Marks {
        /** Called once, in the order of receipt. */
        List<Mark> of(Decoded.Events events);
    }
}
