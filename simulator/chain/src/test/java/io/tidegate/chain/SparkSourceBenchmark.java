package io.tidegate.chain;

import io.tidegate.harness.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the data source {@code tidegate} costs beside Spark's own {@code rate-micro-batch}, and how fast it reads a log of
 * two million readings: a program to be run by hand, which no build runs and which asserts nothing. Starts a gateway, feeds
 * it over HTTP, and has a plain Spark run {@code MicroBatchCost}.
 *
 * <pre>./mvnw package -DskipTests
 * ./mvnw verify -pl simulator/chain -am -Dtest=SparkSourceBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * cat simulator/chain/target/surefire-reports/*Benchmark-output.txt</pre>
 */
class SparkSourceBenchmark {

    private static final int RATE = 5_000;
    private static final int DEVICES = 1_000;
    private static final int BEFORE = 2_000_000;
    private static final int POST = 20_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private long sent;

    @Test
    void compare(@TempDir Path folder) throws Exception {
        try (GatewayProcess gateway =
                GatewayProcess.start(folder, "gateway", "sources = []\n presence.enabled = false")) {
            gateway.awaitReady();
            for (int i = 0; i < BEFORE / POST; i++) {
                post(gateway, POST);
            }
            System.out.println("the log holds " + gateway.logged() + " readings");
            measure(gateway, folder);
        }
    }

    private void measure(GatewayProcess gateway, Path folder) throws IOException {
        ScheduledExecutorService feed = Executors.newSingleThreadScheduledExecutor();
        try {
            var unused = feed.scheduleAtFixedRate(() -> post(gateway, RATE / 5), 0, 200, TimeUnit.MILLISECONDS);
            SparkCluster.Submitted job = SparkCluster.submitLocally(
                    folder,
                    Program.ROOT.resolve("simulator/chain/src/test/spark/MicroBatchCost.java"),
                    List.of(
                            "127.0.0.1:" + gateway.pullPort(),
                            folder.toString(),
                            String.valueOf(RATE),
                            String.valueOf(DEVICES)));
            job.output().lines().filter(line -> line.startsWith("RESULT")).forEach(System.out::println);
            if (job.exit() != 0) {
                System.out.println(job.output());
            }
        } finally {
            feed.shutdownNow();
        }
    }

    private void post(GatewayProcess gateway, int readings) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < readings; i++) {
            body.append("{\"device\":\"d")
                    .append(sent % DEVICES)
                    .append("\",\"metric\":\"temperature\",\"value\":")
                    .append(20 + sent % 97 / 10.0)
                    .append("}\n");
            sent++;
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.httpPort() + "/ingest/readings"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 202) {
                throw new IllegalStateException(answer.body());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
