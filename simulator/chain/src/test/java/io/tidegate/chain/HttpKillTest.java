package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that is killed with -9 again and again while clients post lines, each body with an {@code Idempotency-Key}, and
 * post it again until they are answered 202: every line comes once, whatever became of the answers.
 */
final class HttpKillTest {

    private static final int KILLS = 8;
    private static final int CLIENTS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Seed seed = Seed.of("killed while bodies come in");
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger repeats = new AtomicInteger();

    @TempDir
    private Path folder;

    @SlowTest(seconds = 60)
    void every_line_that_is_sent_until_it_is_accepted_comes_once() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (GatewayProcess gateway =
                GatewayProcess.start(folder, "gateway", "sources = []\n presence.enabled = false")) {
            gateway.awaitReady();
            List<CompletableFuture<List<String>>> sent = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                sent.add(CompletableFuture.supplyAsync(() -> post(gateway, client), clients));
            }
            Random random = seed.random();
            for (int kill = 0; kill < KILLS; kill++) {
                long next = Math.max(0, gateway.logged()) + 1 + random.nextInt(3_000);
                await().atMost(PATIENCE)
                        .until(() -> sent.stream().anyMatch(CompletableFuture::isDone) || gateway.logged() >= next);
                gateway.killAndStartAgain();
            }
            enough.set(true);

            List<String> all = sent.stream()
                    .map(lines -> lines.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join())
                    .flatMap(List::stream)
                    .toList();
            assertThat(gateway.paths().stream().sorted().toList())
                    .isEqualTo(all.stream().sorted().toList());
            assertThat(repeats).hasPositiveValue();
        } finally {
            enough.set(true);
            clients.shutdownNow();
        }
    }

    /** @return the paths of all lines that were posted; the last one was accepted too */
    private List<String> post(GatewayProcess gateway, int client) {
        Random random = new Random(seed.value() + client);
        List<String> sent = new ArrayList<>();
        for (int body = 0; !enough.get(); body++) {
            List<String> paths = Stream.iterate(sent.size(), i -> i + 1)
                    .limit(1 + random.nextInt(100))
                    .map(i -> "/" + client + "/" + i)
                    .toList();
            HttpRequest request = request(gateway, client + "-" + body, paths);
            while (!isAccepted(request)) {
                repeats.incrementAndGet();
            }
            sent.addAll(paths);
        }
        return sent;
    }

    private static HttpRequest request(GatewayProcess gateway, String key, List<String> paths) {
        StringBuilder lines = new StringBuilder();
        for (String path : paths) {
            lines.append("192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET ")
                    .append(path)
                    .append(" HTTP/1.1\" 200 5 \"-\" \"-\"\n");
        }
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + "/ingest/logs"))
                .header("Content-Type", "text/plain")
                .header("Idempotency-Key", key)
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                .build();
    }

    private boolean isAccepted(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 202;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
