package io.tidegate.gateway.flume;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * What an agent sends: mostly one line of a file.
 *
 * @param headers what its source and interceptors say about it, {@code host} or {@code basename} for example
 */
public record FlumeEvent(Map<String, String> headers, ByteString body) {

    /** Keeps its own copy. */
    public FlumeEvent {
        headers = Map.copyOf(headers);
    }
}
