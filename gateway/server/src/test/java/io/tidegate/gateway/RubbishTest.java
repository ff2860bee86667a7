package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.HttpPage;
import io.tidegate.harness.Program;
import io.tidegate.junit.Patience;
import io.tidegate.junit.SlowTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with little memory, and clients that send what would take much of it. */
class RubbishTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLIENTS = 10;
    private static final int ROUNDS = 5;
    private static final int GOOD_BODIES = 100;
    private static final int SIZE = 8 << 20;
    private static final int METRIC_BODIES = 15;
    private static final int METRICS_OF_A_BODY = 100_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePort.next();
    private final int pull = FreePort.next();

    @TempDir
    private Path folder;

    @SlowTest(seconds = 60)
    void a_gateway_of_512_MiB_stands_and_every_good_line_beside_the_rubbish_is_logged_once() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(2 * CLIENTS + 1);
        try (Program gateway = gateway()) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            all.add(CompletableFuture.runAsync(this::sendGood, clients));
            for (int client = 0; client < CLIENTS; client++) {
                int first = client;
                all.add(CompletableFuture.runAsync(() -> sendRubbish(first), clients));
                all.add(CompletableFuture.runAsync(this::readDeadLetters, clients));
            }
            for (CompletableFuture<?> client : all) {
                client.get(Patience.LIMIT.toSeconds() * 3, TimeUnit.SECONDS);
            }

            assertThat(gateway.isAlive()).isTrue();
            JsonNode ledger = ledger();
            assertThat(ledger.get("residual").asLong()).isZero();
            // Some of the rubbish was taken, and the rest refused.
            assertThat(ledger.at("/sources/0/deadLettered").asLong()).isPositive();
            assertThat(GatewayLog.events(pull).stream()
                            .map(event -> event.getRequest().getPath())
                            .sorted()
                            .toList())
                    .isEqualTo(IntStream.range(0, GOOD_BODIES)
                            .boxed()
                            .flatMap(body -> IntStream.range(0, 10).mapToObj(line -> "/" + body + "/" + line))
                            .sorted()
                            .toList());
        } finally {
            clients.shutdownNow();
        }
    }

    @SlowTest(seconds = 60)
    void readings_of_more_metrics_than_there_is_memory_for_are_all_logged_and_the_next_start_has_room_for_them_too()
            throws Exception {
        try (Program gateway = gateway()) {
            for (int body = 0; body < METRIC_BODIES; body++) {
                HttpRequest request = metrics(body);
                await().until(() -> status(request) == 202);
            }
            assertThat(HttpPage.get(port, "/readyz").orElseThrow().body()).contains("devices.max-memory: 128 MiB");
        }

        try (Program gateway = gateway()) {
            HttpRequest again = metrics(0);
            await().until(() -> status(again) == 202);
            JsonNode ledger = ledger();

            assertThat(gateway.isAlive()).isTrue();
            assertThat(ledger.get("residual").asLong()).isZero();
            assertThat(ledger.at("/sources/0/duplicate").asLong()).isEqualTo(METRICS_OF_A_BODY);
            assertThat(ledger.at("/sources/0/logged").asLong()).isEqualTo((long) METRIC_BODIES * METRICS_OF_A_BODY);
        }
    }

    /** Readings with a number, each of another device and metric. */
    private HttpRequest metrics(int body) {
        String readings = IntStream.range(0, METRICS_OF_A_BODY)
                .mapToObj(i -> "{\"device\":\"d" + (body * 1_000 + i % 1_000) + "\",\"metric\":\"m" + i / 1_000
                        + "\",\"value\":1,\"seq\":1}")
                .collect(Collectors.joining(",", "[", "]"));
        return request("/ingest/readings")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed(readings)))
                .build();
    }

    private JsonNode ledger() throws IOException {
        return JSON.readTree(HttpPage.get(port, "/ledger").orElseThrow().body());
    }

    /** A gateway that is ready. */
    private Program gateway() throws IOException {
        Path file =
                Files.writeString(folder.resolve("gateway.conf"), """
                tidegate.gateway {
                  log { dir = "%s", min-free-bytes = 0 }
                  http.port = %d
                  pull.port = %d
                  devices.max-memory = 128MiB
                  flume.enabled = false
                  presence.enabled = false
                  sources = []
                }
                """.formatted(folder.resolve("data"), port, pull));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Program.QUICK_START);
        command.addAll(
                List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "--config", file.toString()));
        Program gateway = Program.start(folder, "gateway", command);
        await().until(() -> HttpPage.get(port, "/readyz")
                .filter(answer -> answer.statusCode() == 200)
                .isPresent());
        return gateway;
    }

    private void sendGood() {
        for (int body = 0; body < GOOD_BODIES; body++) {
            StringBuilder lines = new StringBuilder();
            for (int line = 0; line < 10; line++) {
                lines.append("192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET /" + body + "/" + line
                        + " HTTP/1.1\" 200 5\n");
            }
            HttpRequest request = request("/ingest/logs")
                    .header("Content-Type", "text/plain")
                    .header("Idempotency-Key", "good-" + body)
                    .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                    .build();
            await().until(() -> status(request) == 202);
        }
    }

    private void sendRubbish(int client) {
        List<byte[]> bodies = List.of(
                packed("x\n", SIZE),
                packed("x".repeat(90) + "\n", SIZE),
                packed("\n", SIZE),
                items(),
                packed("y", SIZE));
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < bodies.size(); i++) {
                int body = (client + i) % bodies.size();
                HttpRequest request = request(body % 2 == 0 ? "/ingest/readings" : "/ingest/logs")
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bodies.get(body)))
                        .build();
                assertThat(status(request)).isIn(400, 413, 429, 503);
            }
        }
    }

    private void readDeadLetters() {
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(status(request("/deadletters?limit=200").build())).isEqualTo(200);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Patience.LIMIT);
    }

    private int status(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static byte[] items() {
        return packed("[" + "\"x\",".repeat(SIZE / 4 - 2) + "\"x\"]");
    }

    private static byte[] packed(String piece, int size) {
        return packed(piece.repeat(size / piece.length()));
    }

    private static byte[] packed(String plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain.getBytes(UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return packed.toByteArray();
    }
}
