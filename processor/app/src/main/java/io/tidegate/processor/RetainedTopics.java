package io.tidegate.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.mqtt.AnnouncingTransport;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectingPublisher;
import io.tidegate.mqtt.Will;
import io.tidegate.protocol.TopicLevel;
import io.tidegate.spark.sink.mqtt.MqttTarget;
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
 * What the processor says about itself on retained topics. {@code tidegate/status/processor/{id}}: {@code online} after
 * every connection, {@code stopped} at the end, {@code offline} as last will. {@code tidegate/ledger/processor/{id}}: the
 * ledger, at most every ten seconds and when it has changed. Their connection also tells whether the broker is there.
 */
final class RetainedTopics implements AutoCloseable {

    private static final Duration LEDGER_EVERY = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ReconnectingPublisher publisher;
    private final String topic;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread daemon = new Thread(work, "retained-topics");
        daemon.setDaemon(true);
        return daemon;
    });
    private final String ledgerTopic;
    private final Books books;
    private String told = "";
    private long toldNanos = System.nanoTime() - LEDGER_EVERY.toNanos();

    private RetainedTopics(ReconnectingPublisher publisher, String topic, Clock clock, Books books) {
        this.publisher = publisher;
        this.topic = topic;
        this.ledgerTopic = topic.replaceFirst("/status/", "/ledger/");
        this.clock = clock;
        this.books = books;
    }

    static RetainedTopics start(ProcessorSettings settings, Clock clock, Books books) {
        String topic = "tidegate/status/processor/" + TopicLevel.of(settings.id());
        MqttTarget broker = settings.mqtt();
        MqttEndpoint endpoint = MqttEndpoint.results(broker.broker(), broker.clientId() + "-status")
                .withCredentials(Optional.ofNullable(broker.user()), Optional.ofNullable(broker.password()))
                .withWill(new Will(topic, payload("offline", clock), true, Duration.ZERO));
        RetainedTopics status = new RetainedTopics(
                ReconnectingPublisher.start(
                        new AnnouncingTransport(MqttTransport.paho(), () -> Map.of(topic, payload("online", clock))),
                        endpoint,
                        ReconnectingPublisher.Settings.withCapacity(8)),
                topic,
                clock,
                books);
        var unused = status.thread.scheduleWithFixedDelay(status::check, 100, 500, TimeUnit.MILLISECONDS);
        return status;
    }

    private void check() {
        String now = books.json();
        if (publisher.connected() && System.nanoTime() - toldNanos > LEDGER_EVERY.toNanos()) {
            tellLedger(now);
        }
    }

    private void tellLedger(String now) {
        if (!now.equals(told)) {
            var unused = publisher.publish(ledgerTopic, now.stripTrailing().getBytes(UTF_8), true);
            told = now;
            toldNanos = System.nanoTime();
        }
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
            tellLedger(books.json());
            var unused = publisher.publish(topic, payload("stopped", clock), true);
        }
        publisher.close();
    }
}
