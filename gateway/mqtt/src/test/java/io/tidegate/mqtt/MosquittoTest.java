package io.tidegate.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.FreePort;
import io.tidegate.junit.Patience;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same against a real broker, where one is installed. */
class MosquittoTest {

    @TempDir
    private Path folder;

    private final Heard heard = new Heard();
    private final MqttTransport transport = MqttTransport.paho();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private URI uri = URI.create("tcp://localhost:1");
    private @Nullable Process mosquitto;

    @BeforeEach
    void start() throws Exception {
        assumeThat(program()).as("mosquitto on the PATH or in /usr/sbin").isNotEmpty();
        int port = FreePort.next();
        uri = URI.create("tcp://localhost:" + port);
        Files.writeString(folder.resolve("mosquitto.conf"), """
                listener %d 127.0.0.1
                allow_anonymous true
                user root
                persistence true
                persistence_location %s/
                autosave_interval 1
                autosave_on_changes true
                max_queued_messages 0
                max_inflight_messages 100
                """.formatted(port, folder));
        run();
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : toClose) {
            one.close();
        }
        kill();
    }

    @Test
    void holds_no_more_than_receive_maximum_without_acknowledgement_and_stays_up() throws Exception {
        MqttConnection ingest = keep(connect(MqttEndpoint.ingest(uri, "g1").withReceiveMaximum(10)));
        subscribe(ingest);
        ReconnectingPublisher publisher = publisher();

        assertThat(publish(publisher, "in/a", 0, 50)).succeedsWithin(Patience.LIMIT);

        await().until(() -> heard.deliveries.size() == 10);
        await().during(Duration.ofSeconds(2)).until(() -> heard.deliveries.size() == 10 && heard.losses.isEmpty());
        await().untilAsserted(() -> {
            heard.deliveries.forEach(ingest::acknowledge);
            assertThat(heard.deliveries).hasSizeGreaterThanOrEqualTo(50);
        });
        assertThat(heard.payloads()).containsExactlyElementsOf(numbers(0, 50));
    }

    @Test
    void a_kept_session_brings_what_was_not_acknowledged_and_what_came_meanwhile() throws Exception {
        MqttEndpoint endpoint = MqttEndpoint.ingest(uri, "g1").withReceiveMaximum(2);
        MqttConnection first = connect(endpoint);
        assertThat(first.sessionPresent()).isFalse();
        subscribe(first);
        ReconnectingPublisher publisher = publisher();
        assertThat(publish(publisher, "in/a", 0, 3)).succeedsWithin(Patience.LIMIT);
        await().until(() -> heard.deliveries.size() == 2);
        first.acknowledge(heard.deliveries.get(0));
        // The third comes when the acknowledgement has come.
        await().until(() -> heard.deliveries.size() == 3);
        first.close();
        assertThat(publish(publisher, "in/a", 3, 4)).succeedsWithin(Patience.LIMIT);
        heard.deliveries.clear();

        MqttConnection second = keep(connect(endpoint));

        assertThat(second.sessionPresent()).isTrue();
        await().until(() -> heard.deliveries.size() == 2);
        second.acknowledge(heard.deliveries.get(0));
        await().until(() -> heard.deliveries.size() == 3);
        assertThat(heard.payloads()).containsExactly("1", "2", "3");
    }

    @Test
    void the_loss_by_a_second_client_of_the_same_id_is_told_once() throws Exception {
        MqttEndpoint endpoint = MqttEndpoint.ingest(uri, "g1");
        keep(connect(endpoint));

        keep(connect(endpoint, new Heard()));

        await().until(() -> !heard.losses.isEmpty());
        await().during(Duration.ofMillis(300)).until(() -> heard.losses.size() == 1);
    }

    @Test
    void a_publisher_comes_back_after_a_restart_of_the_broker() throws Exception {
        MqttEndpoint endpoint = MqttEndpoint.ingest(uri, "g1");
        MqttConnection before = connect(endpoint);
        subscribe(before);
        ReconnectingPublisher publisher = publisher();
        assertThat(publish(publisher, "in/a", 0, 100)).succeedsWithin(Patience.LIMIT);
        await().until(() -> heard.deliveries.size() == 100);
        heard.deliveries.forEach(before::acknowledge);

        CompletableFuture<Void> across = publish(publisher, "in/a", 100, 400);
        kill();
        await().until(() -> !publisher.connected());
        before.close();
        run();
        subscribe(keep(connect(endpoint)));

        assertThat(across).succeedsWithin(Patience.LIMIT);
        await().untilAsserted(() -> assertThat(new LinkedHashSet<>(heard.payloads()))
                .containsAll(numbers(0, 100))
                .contains("399"));
    }

    private void run() throws Exception {
        mosquitto = new ProcessBuilder(program().orElseThrow(), "-c", folder + "/mosquitto.conf")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await().until(this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket("localhost", uri.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void kill() throws Exception {
        if (mosquitto != null) {
            mosquitto.destroyForcibly().waitFor();
        }
    }

    private static Optional<String> program() {
        String path = System.getenv("PATH") + ":/usr/sbin";
        return Stream.of(path.split(":"))
                .map(folder -> Path.of(folder, "mosquitto"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private MqttConnection connect(MqttEndpoint endpoint) {
        return connect(endpoint, heard);
    }

    private MqttConnection connect(MqttEndpoint endpoint, MqttListener listener) {
        return transport
                .connect(endpoint.withConnectTimeout(Patience.LIMIT), listener)
                .join();
    }

    private static void subscribe(MqttConnection connection) {
        assertThat(connection.subscribe(List.of("in/#"))).succeedsWithin(Patience.LIMIT);
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        toClose.add(closeable);
        return closeable;
    }

    private ReconnectingPublisher publisher() {
        return keep(ReconnectingPublisher.start(
                transport,
                MqttEndpoint.results(uri, "p1"),
                ReconnectingPublisher.Settings.withCapacity(1000)
                        .withRetry(Duration.ofMillis(50), Duration.ofMillis(500))
                        .withCloseTimeout(Duration.ofSeconds(2))));
    }

    private static CompletableFuture<Void> publish(ReconnectingPublisher to, String topic, int from, int until) {
        return CompletableFuture.allOf(IntStream.range(from, until)
                .mapToObj(i -> to.publish(topic, String.valueOf(i).getBytes(UTF_8), false))
                .toArray(CompletableFuture[]::new));
    }

    private static List<String> numbers(int from, int until) {
        return IntStream.range(from, until).mapToObj(String::valueOf).toList();
    }
}
