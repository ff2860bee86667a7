package io.tidegate.gateway.ingest;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.StateUpdate;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * A piece that somebody has pushed to us and waits for: a request's body, a batch of a shipper.
 *
 * @param origin where it came from: a path, a peer
 * @param decode what it says, by the time of receipt in ms; called on any thread, never throws
 * @param state what must be durable together with what was read of it; asked once, in the order of receipt
 */
public record PushRequest(
        String origin, LongFunction<Decoded.Events> decode, Function<Decoded.Events, List<StateUpdate>> state) {

    /** A piece beside which nothing else must be durable. */
    public PushRequest(String origin, LongFunction<Decoded.Events> decode) {
        this(origin, decode, events -> List.of());
    }
}
