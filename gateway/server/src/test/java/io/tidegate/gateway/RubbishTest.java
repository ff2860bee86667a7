package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Page;
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
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with little memory, to which ten clients at once send 8 MiB of packed rubbish again and again. */
class RubbishTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLIENTS = 10;
    private static final int ROUNDS = 5;
    private static final int GOOD_BODIES = 100;
    private static final int SIZE = 8 << 20;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePort.next();

    @TempDir
    private Path folder;

    @SlowTest(seconds = 60)
    void a_gateway_of_512_MiB_stands_and_every_good_line_beside_the_rubbish_is_logged_once() throws Exception {
        int pull = FreePort.next();
        Path file =
                Files.writeString(folder.resolve("gateway.conf"), """
                tidegate.gateway {
                  log { dir = "%s", min-free-bytes = 0 }
                  http.port = %d
                  pull.port = %d
                  flume.enabled = false
                  presence.enabled = false
                  sources = []
                }
                """.formatted(folder.resolve("data"), port, pull));
        ExecutorService clients = Executors.newFixedThreadPool(2 * CLIENTS + 1);
        try (Program gateway = gateway(file)) {
            await().until(() -> Page.get(port, "/readyz")
                    .filter(answer -> answer.statusCode() == 200)
                    .isPresent());
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
            JsonNode ledger =
                    JSON.readTree(Page.get(port, "/ledger").orElseThrow().body());
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

    private Program gateway(Path file) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Program.QUICK_START);
        command.addAll(
                List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "--config", file.toString()));
        return Program.start(folder, "gateway", command);
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
