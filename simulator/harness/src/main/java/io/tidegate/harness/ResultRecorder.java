package io.tidegate.harness;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber, of {@code tidegate/#} mostly, that stays for the whole test, connects again when the broker was away, and
 * remembers every result. The newest revision of an id counts, and a repeated (id, revision) must say the same.
 * Thread-safe.
 */
public final class ResultRecorder implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECONNECT_MS = 200;
    private static final int SUBSCRIBE_S = 60;
    private static final int PING_MS = 5_000;

    private final int port;
    private final String filter;
    private final Map<String, JsonNode> newest = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> byRevision = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> byTopic = new ConcurrentHashMap<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();
    private final Background background = new Background();
    private volatile @Nullable MqttSocket connection;
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final Optional<Consumer<byte[]>> listener;
    private volatile long received;

    private ResultRecorder(int port, String filter, Optional<Consumer<byte[]>> listener) {
        this.port = port;
        this.filter = filter;
        this.listener = listener;
        Background.start("results", this::run);
        Background.start("results-ping", this::ping);
    }

    /** Subscribes; waits for the broker to come up, within reason. */
    public static ResultRecorder subscribe(int brokerPort) throws InterruptedException {
        return subscribe(brokerPort, "tidegate/#");
    }

    /** The same for other topics. */
    public static ResultRecorder subscribe(int brokerPort, String filter) throws InterruptedException {
        return subscribed(new ResultRecorder(brokerPort, filter, Optional.empty()));
    }

    /** One that remembers nothing: hands over each payload and forgets it. */
    public static ResultRecorder listen(int brokerPort, String filter, Consumer<byte[]> listener)
            throws InterruptedException {
        return subscribed(new ResultRecorder(brokerPort, filter, Optional.of(listener)));
    }

    private static ResultRecorder subscribed(ResultRecorder results) throws InterruptedException {
        if (!results.subscribed.await(SUBSCRIBE_S, SECONDS)) {
            results.close();
            throw new IllegalStateException("no subscription within " + SUBSCRIBE_S + " s");
        }
        return results;
    }

    /** How many messages came, repeated ones too. */
    public long received() {
        return received;
    }

    /** The newest revision of every id of a query. */
    public List<JsonNode> of(String query) {
        return newest.values().stream()
                .filter(result -> result.get("query").textValue().equals(query))
                .collect(Collectors.toList());
    }

    /** The newest revision of an id that was seen. */
    public JsonNode newest(String id) {
        return Objects.requireNonNull(newest.get(id));
    }

    /** Every (id, revision) of a query that was seen. */
    public Stream<JsonNode> revisionsOf(String query) {
        return byRevision.values().stream()
                .filter(result -> result.get("query").textValue().equals(query));
    }

    /** The last message of a topic, result or not; null if there was none. */
    public @Nullable JsonNode last(String topic) {
        return byTopic.get(topic);
    }

    /** Re-runs that said something else than the first run, and other breaches of the contract. */
    public List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    @Override
    public void close() {
        background.close();
        MqttSocket open = connection;
        if (open != null) {
            open.close();
        }
    }

    private void run() {
        while (!background.pause(RECONNECT_MS)) {
            try (MqttSocket socket = new MqttSocket(port, "results-of-" + filter.replaceAll("[^a-z]", ""), false)) {
                connection = socket;
                socket.subscribe(filter);
                while (!background.isClosed()) {
                    receive(socket);
                }
            } catch (IOException e) {
                // The broker is away: come back.
            }
        }
    }

    private void ping() {
        while (!background.pause(PING_MS)) {
            MqttSocket open = connection;
            try {
                if (open != null) {
                    open.ping();
                }
            } catch (IOException e) {
                // The reading thread notices.
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread receives
    private void receive(MqttSocket socket) throws IOException {
        WireFormat.Raw packet = socket.read();
        if (packet.type() == 9) {
            subscribed.countDown();
        }
        if (packet.type() != 3) {
            return;
        }
        ByteBuffer body = packet.body();
        String topic = WireFormat.text(body);
        int id = (packet.first() >> 1 & 3) == 0 ? 0 : WireFormat.shortOf(body);
        WireFormat.properties(body);
        byte[] payload = WireFormat.rest(body);
        listener.ifPresentOrElse(to -> to.accept(payload), () -> remember(topic, payload));
        received++;
        if (id > 0) {
            socket.acknowledge(id);
        }
    }

    private void remember(String topic, byte[] payload) {
        try {
            JsonNode result = JSON.readTree(payload);
            byTopic.put(topic, result);
            if (result.has("id") && result.has("rev")) {
                remember(result);
            }
        } catch (IOException e) {
            contradictions.add("not JSON on " + topic);
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
}
