package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.FreePort;
import io.tidegate.junit.Patience;
import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttListener;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.protocol.v1.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a publisher through a real mosquitto into the pull protocol; skipped where mosquitto is not installed. */
class MosquittoTest {

    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    private int port;

    @BeforeEach
    void mosquittoRuns() throws Exception {
        Optional<Path> program = mosquitto();
        Assumptions.assumeTrue(program.isPresent(), "mosquitto is not installed: no test with a real broker");
        port = FreePort.next();
        Path conf = Files.writeString(
                folder.resolve("mosquitto.conf"),
                "listener " + port + " 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n");
        start(new ProcessBuilder(program.orElseThrow().toString(), "-c", conf.toString()), "mosquitto.log");
        await().ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    @AfterEach
    void everythingEnds() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void every_acknowledged_message_is_in_the_log_once() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, MqttTransport.paho(), broker())) {
            await().ignoreExceptions().until(() -> gateway.get("/readyz").statusCode() == 200);

            publish(500);

            awaitEachOnce(gateway, 500);
            assertThat(gateway.get("/ledger").body()).contains("\"logged\":500").endsWith("\"residual\":0}\n");
        }
    }

    @Test
    void two_sources_that_share_a_subscription_divide_the_messages() throws Exception {
        String sources = """
                sources = [
                  { name = mqtt-1, filters = ["$share/tidegate/sensors/#"] }
                  { name = mqtt-2, filters = ["$share/tidegate/sensors/#"] }
                ]
                """;
        try (RunningGateway gateway = RunningGateway.start(folder, MqttTransport.paho(), broker() + sources)) {
            await().ignoreExceptions().until(() -> gateway.get("/readyz").statusCode() == 200);

            publish(500);

            awaitEachOnce(gateway, 500);
            assertThat(gateway.get("/metrics").body())
                    .doesNotContain("tidegate_source_received_messages_total{source=\"mqtt-1\"} 0.0")
                    .doesNotContain("tidegate_source_received_messages_total{source=\"mqtt-2\"} 0.0");
        }
    }

    @Test
    void what_is_published_live_counts_though_it_is_to_be_retained() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, MqttTransport.paho(), broker())) {
            await().ignoreExceptions().until(() -> gateway.get("/readyz").statusCode() == 200);

            publish("sensors/d1/temperature", "21.5", 1, true);

            await().untilAsserted(() -> assertThat(gateway.readings()).hasSize(1));
            assertThat(gateway.get("/ledger").body()).contains("\"retainedIgnored\":0");
        }
        // The broker does not know this client: it plays what was retained.
        String stranger = broker() + "sources = [{ name = mqtt, filters = [\"sensors/#\"], client-id = stranger }]\n";
        try (RunningGateway gateway = RunningGateway.start(folder, MqttTransport.paho(), stranger)) {
            await().untilAsserted(
                            () -> assertThat(gateway.get("/ledger").body()).contains("\"retainedIgnored\":1"));
            assertThat(gateway.readings()).hasSize(1);
        }
    }

    @Test
    void what_is_published_at_qos_2_comes_once() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, MqttTransport.paho(), broker())) {
            await().ignoreExceptions().until(() -> gateway.get("/readyz").statusCode() == 200);

            publish("sensors/d1/t", "{\"value\":1}", 2, false);
            publish("sensors/d1/t", "{\"value\":2}", 2, false);

            await().untilAsserted(() ->
                    assertThat(gateway.readings()).extracting(Reading::getValue).containsExactly(1.0, 2.0));
        }
    }

    /** Our own connections publish at QoS 1 only. */
    private void publish(String topic, String payload, int qos, boolean retained) throws Exception {
        MqttClient publisher = new MqttClient("tcp://127.0.0.1:" + port, "publisher", new MemoryPersistence());
        try {
            publisher.connect();
            publisher.publish(topic, payload.getBytes(UTF_8), qos, retained);
            publisher.disconnect();
        } finally {
            publisher.close();
        }
    }

    @Test
    void what_is_published_while_the_gateway_is_away_comes_when_it_is_back() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, MqttTransport.paho(), broker())) {
            await().ignoreExceptions().until(() -> gateway.get("/readyz").statusCode() == 200);
        }
        publish(50);

        try (RunningGateway gateway = RunningGateway.start(folder, MqttTransport.paho(), broker())) {
            await().untilAsserted(() -> assertThat(gateway.readings()).hasSize(50));
            assertThat(gateway.get("/metrics").body())
                    .contains("tidegate_source_session_lost_total{source=\"mqtt\"} 0.0");
        }
    }

    @Test
    void a_process_refuses_a_folder_in_use_and_stops_cleanly_on_sigterm() throws Exception {
        Path conf = Files.writeString(
                folder.resolve("gateway.conf"),
                "tidegate.gateway { log { dir = \"" + folder.resolve("data")
                        + "\", min-free-bytes = 0 }, http.port = 0, pull.port = 0, flume.port = 0\n" + broker()
                        + "}\n");
        Process first = start(gateway(conf), "first.log");
        await().until(() -> read("first.log").contains("is up"));

        Process second = start(gateway(conf), "second.log");
        assertThat(second.waitFor()).isNotZero();
        assertThat(read("second.log")).contains("in use by another gateway").doesNotContain("Exception");

        first.destroy();
        assertThat(first.waitFor()).as(read("first.log")).isZero();
    }

    private String broker() {
        return "mqtt.broker = \"tcp://127.0.0.1:" + port + "\"\n";
    }

    private static void awaitEachOnce(RunningGateway gateway, int count) {
        await().untilAsserted(() -> assertThat(gateway.readings())
                .extracting(Reading::getSeq)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, count).mapToObj(Long::valueOf).toList()));
    }

    private void publish(int count) throws Exception {
        MqttEndpoint endpoint = MqttEndpoint.results(URI.create("tcp://127.0.0.1:" + port), "publisher");
        try (MqttConnection connection =
                MqttTransport.paho().connect(endpoint, new Silent()).get(Patience.LIMIT.toSeconds(), SECONDS)) {
            List<CompletableFuture<Void>> acknowledged = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String payload = "{\"value\":" + i + ",\"seq\":" + i + "}";
                acknowledged.add(connection.publish("sensors/d" + i % 10 + "/t", payload.getBytes(UTF_8), false));
            }
            CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new))
                    .get(Patience.LIMIT.toSeconds(), SECONDS);
        }
    }

    private ProcessBuilder gateway(Path conf) {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--config",
                conf.toString());
    }

    private Process start(ProcessBuilder builder, String log) throws IOException {
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String read(String log) throws IOException {
        return Files.readString(folder.resolve(log));
    }

    private static Optional<Path> mosquitto() {
        @Nullable String path = System.getenv("PATH");
        return Stream.concat(
                        Stream.of((path == null ? "" : path).split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static final class Silent implements MqttListener {
        @Override
        public void received(MqttConnection from, MqttDelivery delivery) {}

        @Override
        public void lost(String reason, int reasonCode) {}
    }
}
