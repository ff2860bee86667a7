package io.tidegate.gateway.admission;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.StateUpdate;
import java.util.List;

/**
 * Something in our hands and not yet in the log: a message, a request's body, a piece of a file.
 *
 * @param handle what it is to the source, which confirms it
 * @param origin the topic, path or file that it came from
 * @param stampMs the time of receipt
 * @param raw its bytes, for a dead letter
 * @param state what the source must find again after a restart exactly when it finds the events
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Envelope<T>(T handle, String origin, long stampMs, byte[] raw, Decoded decoded, List<StateUpdate> state) {

    /** How many events it is, about. */
    long cost() {
        return decoded instanceof Decoded.Events events
                ? Math.max(1, events.events().size() + events.damaged().size())
                : 1;
    }
}
