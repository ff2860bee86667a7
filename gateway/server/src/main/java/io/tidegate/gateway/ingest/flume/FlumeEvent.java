package io.tidegate.gateway.ingest.flume;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Optional;

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

    /** A header that says something. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).filter(value -> !value.isEmpty());
    }

    /** The file that it comes from, if its source was told to say so. */
    Optional<String> file() {
        return header("file").or(() -> header("basename"));
    }
}
