package io.tidegate.simulator.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.simulator.fleet.Publisher;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** One message for the lines that leave together, on {@code weblogs/{host}}. */
public final class MqttSink implements LineSink {
    private final Publisher connection;
    private final String topic;

    /** Sends over a connection that it closes at the end. */
    public MqttSink(Publisher connection, String host) {
        this.connection = connection;
        this.topic = "weblogs/" + host;
    }

    @Override
    public String target() {
        return "topic " + topic;
    }

    @Override
    public void send(List<String> lines) throws IOException, InterruptedException {
        try {
            connection
                    .publish(topic, String.join("\n", lines).getBytes(ISO_8859_1), false)
                    .get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? e : e.getCause());
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
