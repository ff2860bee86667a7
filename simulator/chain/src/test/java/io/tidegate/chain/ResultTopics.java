package io.tidegate.chain;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttListener;
import io.tidegate.mqtt.MqttTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A subscriber of {@code tidegate/#} that stays for the whole test and remembers every result. For a reader the newest
 * revision of an id is what counts, and a repeated (id, revision) must say the same.
 */
final class ResultTopics implements MqttListener, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> newest = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> byRevision = new ConcurrentHashMap<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();
    private final MqttConnection connection;

    private ResultTopics(int brokerPort) throws Exception {
        URI broker = URI.create("tcp://127.0.0.1:" + brokerPort);
        connection = MqttTransport.paho()
                .connect(MqttEndpoint.results(broker, "chain-test-results"), this)
                .get(20, SECONDS);
        connection.subscribe(List.of("tidegate/#")).get(20, SECONDS);
    }

    /** Subscribes as soon as the broker is up. */
    static ResultTopics subscribed(int brokerPort) {
        return await().atMost(Duration.ofSeconds(40))
                .ignoreExceptions()
                .until(() -> new ResultTopics(brokerPort), Objects::nonNull);
    }

    @Override
    public void received(MqttConnection from, MqttDelivery delivery) {
        from.acknowledge(delivery);
        try {
            JsonNode result = JSON.readTree(delivery.payload());
            if (result != null && result.has("id")) {
                remember(result);
            }
        } catch (IOException e) {
            contradictions.add("not JSON on " + delivery.topic());
        }
    }

    private void remember(JsonNode result) {
        String id = result.get("id").textValue();
        JsonNode before = byRevision.putIfAbsent(id + " rev " + result.get("rev"), result);
        if (before != null && !before.equals(result)) {
            contradictions.add(before + " then " + result);
        }
        newest.merge(
                id, result, (a, b) -> b.get("rev").longValue() >= a.get("rev").longValue() ? b : a);
    }

    @Override
    public void lost(String reason, int reasonCode) {
        contradictions.add("the subscriber lost its connection: " + reason);
    }

    /** The newest revision of every id of a query. */
    List<JsonNode> of(String query) {
        return newest.values().stream()
                .filter(result -> result.get("query").textValue().equals(query))
                .collect(Collectors.toList());
    }

    /** The newest revision of an id that was seen. */
    JsonNode newest(String id) {
        return Objects.requireNonNull(newest.get(id));
    }

    /** Every (id, revision) of a query that was seen. */
    Stream<JsonNode> revisionsOf(String query) {
        return byRevision.values().stream()
                .filter(result -> result.get("query").textValue().equals(query));
    }

    /** Re-runs that said something else than the first run, and other breaches of the contract. */
    List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    @Override
    public void close() {
        connection.close();
    }
}
