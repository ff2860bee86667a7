package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.SlowTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The project docs/examples/mllib, with the jars of Spark that its POM names: trained on what devices did at first, and
 * applied to everything, in which one device has changed.
 */
final class ModelExampleTest {

    private static final Path EXAMPLE = Program.ROOT.resolve("docs/examples/mllib");
    private static final Pattern SPARK = Pattern.compile("<spark.version>(.*)</spark.version>");
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final int DEVICES = 12;
    private static final int USUAL_MINUTES = 20;
    private static final int ALL_MINUTES = 30;
    private static final String ODD = "d7";

    @TempDir
    Path folder;

    @SlowTest(seconds = 60)
    void the_device_that_has_changed_is_by_far_the_farthest_from_what_was_trained() throws Exception {
        String database = "jdbc:h2:file:" + folder.resolve("scores") + ";DATABASE_TO_LOWER=TRUE";
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort(), "scores/#");
                    GatewayProcess gateway = GatewayProcess.start(
                            folder, "gateway", "key-groups = 4\n sources = []\n presence.enabled = false")) {
                gateway.awaitReady();
                String address = "127.0.0.1:" + gateway.pullPort();
                String model = folder.resolve("model").toString();
                post(gateway, readings(0, USUAL_MINUTES));
                String trained = run("Train", address, "temperature", model);
                post(gateway, readings(USUAL_MINUTES, ALL_MINUTES));
                run(
                        "Score",
                        address,
                        "temperature",
                        model,
                        "tcp://127.0.0.1:" + chain.brokerPort(),
                        database,
                        folder.resolve("checkpoints").toString(),
                        "once");

                assertThat(trained).contains("trained on 240 minutes of 12 devices");
                Map<String, Double> scores = scores(database);
                assertThat(scores)
                        .as("of each device each minute but the last, which is not over")
                        .hasSize(DEVICES * (ALL_MINUTES - 1));
                assertThat(published(results)).isEqualTo(scores);
                double farthestUsual = distances(scores, false).max().orElseThrow();
                double nearestOdd = distances(scores, true).min().orElseThrow();
                assertThat(nearestOdd).isGreaterThan(10 * farthestUsual);
            }
        }
    }

    private String run(String main, String... arguments) throws IOException {
        Path place = Files.createDirectory(folder.resolve(main));
        List<Path> program;
        try (Stream<Path> files = Files.list(EXAMPLE.resolve("src/main/java/example"))) {
            program = files.toList();
        }
        SparkCluster.Submitted job = SparkCluster.submitLocally(place, program, "example." + main, List.of(arguments));
        assertThat(job.exit()).as(job.output()).isZero();
        return job.output();
    }

    @Test
    void its_pom_names_the_spark_of_the_build() throws IOException {
        assertThat(spark(EXAMPLE)).isEqualTo(spark(Program.ROOT));
    }

    private static String spark(Path project) throws IOException {
        Matcher version = SPARK.matcher(Files.readString(project.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    /**
     * Every ten seconds a temperature of each device: one of three levels, and up to 0.9 above it. When the usual minutes
     * are over the odd device swings by 6 around its level.
     */
    private static String readings(int fromMinute, int toMinute) {
        StringBuilder body = new StringBuilder();
        for (int second = fromMinute * 60; second < toMinute * 60; second += 10) {
            for (int i = 0; i < DEVICES; i++) {
                String device = "d" + i;
                double value = 20 + i % 3 + (i * 7 + second / 10 * 3) % 10 / 10.0;
                if (device.equals(ODD) && fromMinute >= USUAL_MINUTES) {
                    value += second % 20 == 0 ? 6 : -6;
                }
                body.append("{\"device\":\"%s\",\"metric\":\"temperature\",\"value\":%s,\"time\":\"%s\"}\n"
                        .formatted(device, value, START.plusSeconds(second)));
            }
        }
        return body.toString();
    }

    private static void post(GatewayProcess gateway, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.httpPort() + "/ingest/readings"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    /** The table's distances, by device and minute. */
    private static Map<String, Double> scores(String database) throws Exception {
        Map<String, Double> scores = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(database);
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT \"device\", \"minute\", \"distance\" FROM scores")) {
            while (row.next()) {
                Instant minute = row.getObject(2, OffsetDateTime.class).toInstant();
                assertThat(scores.put(row.getString(1) + " " + minute, row.getDouble(3)))
                        .as("once in the table")
                        .isNull();
            }
        }
        return scores;
    }

    /** The same of what was published. */
    private static Map<String, Double> published(ResultRecorder results) {
        Map<String, Double> scores = new HashMap<>();
        for (JsonNode score : results.of("scores")) {
            Instant minute = Instant.parse(score.get("minute").textValue());
            scores.put(
                    score.get("device").textValue() + " " + minute,
                    score.get("distance").doubleValue());
        }
        return scores;
    }

    private static DoubleStream distances(Map<String, Double> scores, boolean odd) {
        return scores.entrySet().stream()
                .filter(score -> isOdd(score.getKey()) == odd)
                .mapToDouble(Map.Entry::getValue);
    }

    private static boolean isOdd(String deviceAndMinute) {
        String[] parts = deviceAndMinute.split(" ", -1);
        Instant changed = START.plus(Duration.ofMinutes(USUAL_MINUTES));
        return parts[0].equals(ODD) && !Instant.parse(parts[1]).isBefore(changed);
    }
}
