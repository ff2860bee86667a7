package io.tidegate.simulator.web;

import java.io.IOException;
import java.util.List;

/** Where log lines go. One thread. */
public interface LineSink extends AutoCloseable {

    /** For people: what it sends to. */
    String target();

    /**
     * Sends lines in their order and waits until somebody else is answerable for them: the broker, the gateway or the
     * file system. What fails for the moment is tried again.
     *
     * @throws IOException when it was refused for good
     */
    void send(List<String> lines) throws IOException, InterruptedException;

    /** Hands over what was held back. */
    @Override
    void close() throws IOException;
}
