package io.tidegate.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectingPublisher;
import io.tidegate.mqtt.Will;
import io.tidegate.protocol.TopicLevel;
import io.tidegate.spark.mqtt.MqttTarget;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * {@code tidegate/status/processor/{id}}, retained: {@code online} after every connection, {@code stopped} at the end,
 * {@code offline} as last will. Its connection also tells whether the broker is there.
 */
final class StatusTopic implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ReconnectingPublisher publisher;
    private final String topic;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread daemon = new Thread(work, "status");
        daemon.setDaemon(true);
        return daemon;
    });
    private boolean online;

    private StatusTopic(ReconnectingPublisher publisher, String topic, Clock clock) {
        this.publisher = publisher;
        this.topic = topic;
        this.clock = clock;
    }

    static StatusTopic start(ProcessorSettings settings, Clock clock) {
        String topic = "tidegate/status/processor/" + TopicLevel.of(settings.id());
        MqttTarget broker = settings.mqtt();
        MqttEndpoint endpoint = MqttEndpoint.results(broker.broker(), broker.clientId() + "-status")
                .withCredentials(Optional.ofNullable(broker.user()), Optional.ofNullable(broker.password()))
                .withWill(new Will(topic, payload("offline", clock), true, Duration.ZERO));
        StatusTopic status = new StatusTopic(
                ReconnectingPublisher.start(
                        MqttTransport.paho(), endpoint, ReconnectingPublisher.Settings.withCapacity(8)),
                topic,
                clock);
        var unused = status.thread.scheduleWithFixedDelay(status::check, 100, 500, TimeUnit.MILLISECONDS);
        return status;
    }

    /** A connection that comes back has to take back what the will said of the one before. */
    private void check() {
        boolean connected = publisher.connected();
        if (connected && !online) {
            var unused = publisher.publish(topic, payload("online", clock), true);
        }
        online = connected;
    }

    boolean connected() {
        return publisher.connected();
    }

    private static byte[] payload(String state, Clock clock) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("state", state);
        body.put("version", Version.TEXT);
        body.put("time", TIME.format(clock.instant()));
        try {
            return JSON.writeValueAsString(body).getBytes(UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can always be written", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        if (publisher.connected()) {
            var unused = publisher.publish(topic, payload("stopped", clock), true);
        }
        publisher.close();
    }
}
