package io.tidegate.processor.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.mqtt.AnnouncingTransport;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectingPublisher;
import io.tidegate.mqtt.Will;
import io.tidegate.processor.key.IsoTime;
import io.tidegate.processor.ops.http.HttpReply;
import io.tidegate.processor.settings.ProcessorSettings;
import io.tidegate.processor.settings.Version;
import io.tidegate.protocol.TopicLevel;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.ThreadUtils;

/**
 * What the processor says about itself on retained topics. {@code tidegate/status/processor/{id}}: {@code online} after
 * every connection, {@code stopped} at the end, {@code offline} as last will. {@code tidegate/ledger/processor/{id}}: the
 * ledger, at most every ten seconds and when it has changed. Their connection also tells whether the broker is there.
 */
public final class RetainedTopics implements AutoCloseable {

    private static final Duration LEDGER_EVERY = Duration.ofSeconds(10);

    private final ReconnectingPublisher publisher;
    private final String topic;
    private final Clock clock;
    private final ScheduledExecutorService thread =
            ThreadUtils.newDaemonSingleThreadScheduledExecutor("retained-topics");
    private final String ledgerTopic;
    private final LedgerMonitor monitor;
    private String published = "";
    private long publishedNanos = System.nanoTime() - LEDGER_EVERY.toNanos();

    private RetainedTopics(ReconnectingPublisher publisher, String topic, Clock clock, LedgerMonitor monitor) {
        this.publisher = publisher;
        this.topic = topic;
        this.ledgerTopic = topic.replaceFirst("/status/", "/ledger/");
        this.clock = clock;
        this.monitor = monitor;
    }

    /** Connects to the broker, and publishes from then on. */
    public static RetainedTopics start(ProcessorSettings settings, Clock clock, LedgerMonitor monitor) {
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
                monitor);
        var unused = status.thread.scheduleWithFixedDelay(status::check, 100, 500, TimeUnit.MILLISECONDS);
        return status;
    }

    private void check() {
        String now = monitor.json();
        if (publisher.connected() && System.nanoTime() - publishedNanos > LEDGER_EVERY.toNanos()) {
            publishLedger(now);
        }
    }

    private void publishLedger(String now) {
        if (!now.equals(published)) {
            var unused = publisher.publish(ledgerTopic, now.stripTrailing().getBytes(UTF_8), true);
            published = now;
            publishedNanos = System.nanoTime();
        }
    }

    boolean connected() {
        return publisher.connected();
    }

    private static byte[] payload(String state, Clock clock) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("state", state);
        body.put("version", Version.TEXT);
        body.put("time", IsoTime.text(clock.instant()));
        return HttpReply.json(200, body).body().stripTrailing().getBytes(UTF_8);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        if (publisher.connected()) {
            publishLedger(monitor.json());
            var unused = publisher.publish(topic, payload("stopped", clock), true);
        }
        publisher.close();
    }
}
