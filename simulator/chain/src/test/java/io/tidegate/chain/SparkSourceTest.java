package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Program;
import io.tidegate.junit.SlowTest;
import io.tidegate.protocol.KeyGroups;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/**
 * The data source {@code tidegate} as somebody else uses it: a Spark of its own with the connector's one jar, which must be
 * packaged, a real gateway, and every row compared with an independent reading of the log.
 */
final class SparkSourceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter SPARK_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);
    private static final int KEY_GROUPS = 8;

    @TempDir
    Path folder;

    @SlowTest(seconds = 40)
    void a_plain_spark_with_the_one_jar_reads_every_reading_as_the_log_has_it() throws Exception {
        try (GatewayProcess gateway = gateway()) {
            post(gateway, "application/x-ndjson", "/ingest/readings", readings());
            SparkCluster.Submitted job = SparkCluster.submitLocally(folder, program(), arguments(gateway, "readings"));

            assertThat(job.exit()).as(job.output()).isZero();
            List<JsonNode> expected = expected(gateway, true);
            assertThat(expected).hasSize(1_400);
            assertThat(rows("batch")).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(rows("stream")).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(gateway.isAlive()).isTrue();
        }
    }

    @SlowTest(seconds = 50)
    void on_a_cluster_the_executors_read_every_request_as_the_log_has_it() throws Exception {
        try (GatewayProcess gateway = gateway();
                SparkCluster cluster = SparkCluster.startPlain(folder)) {
            post(gateway, "text/plain", "/ingest/logs?host=www", requests());
            SparkCluster.Submitted job = cluster.submit(folder, program(), arguments(gateway, "requests"));

            assertThat(job.exit()).as(job.output()).isZero();
            List<JsonNode> expected = expected(gateway, false);
            assertThat(expected).hasSize(1_200);
            assertThat(rows("batch")).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(rows("stream")).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(gateway.isAlive()).isTrue();
        }
    }

    /** The example of docs/spark-connector.md, stopped in the middle and begun again, against arithmetic over the lines. */
    @SlowTest(seconds = 60)
    void the_textbook_job_counts_each_action_of_each_hour_once() throws Exception {
        try (GatewayProcess gateway = gateway()) {
            String database = "jdbc:h2:file:" + folder.resolve("actions") + ";DATABASE_TO_LOWER=TRUE";
            List<String> arguments = List.of(
                    "127.0.0.1:" + gateway.pullPort(),
                    database,
                    folder.resolve("checkpoint").toString(),
                    "once");
            Path program = Program.ROOT.resolve("docs/examples/ActionsPerHour.java");
            Map<String, Integer> expected = new TreeMap<>();
            for (int part = 0; part < 2; part++) {
                post(gateway, "application/x-ndjson", "/ingest/logs?host=www", actions(part, expected));
                Path place = Files.createDirectory(folder.resolve("part" + part));
                SparkCluster.Submitted job = SparkCluster.submitLocally(place, program, arguments);
                assertThat(job.exit()).as(job.output()).isZero();
            }

            Map<String, Integer> counted = new TreeMap<>();
            try (Connection connection = DriverManager.getConnection(database);
                    ResultSet rows = connection.createStatement().executeQuery("""
                            SELECT "action", extract(hour FROM "hour" AT TIME ZONE 'UTC') AS h, "count" FROM actions""")) {
                while (rows.next()) {
                    assertThat(counted.put(rows.getString(1) + " " + rows.getInt(2), rows.getInt(3)))
                            .isNull();
                }
            }
            assertThat(counted).isEqualTo(expected);
        }
    }

    /** JSON as nginx writes it, over four hours, the hours mixed in each half but for what is late. */
    private static String actions(int part, Map<String, Integer> expected) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 600; i++) {
            String action = List.of("GET", "POST", "DELETE").get(i * 7 % 3);
            int hour = 10 + 2 * part + i % 2;
            expected.merge(action + " " + hour, 1, Integer::sum);
            body.append("""
                    {"remote_addr":"10.0.0.%d","time_iso8601":"2026-11-22T%d:%02d:%02dZ","request_method":"%s",\
                    "request_uri":"/p%d","status":200,"body_bytes_sent":%d}
                    """.formatted(i % 50, hour, 50 + i % 10, i % 60, action, i % 5, i));
        }
        return body.toString();
    }

    private GatewayProcess gateway() {
        GatewayProcess gateway = GatewayProcess.start(
                folder, "gateway", "key-groups = " + KEY_GROUPS + "\n sources = []\n presence.enabled = false");
        gateway.awaitReady();
        return gateway;
    }

    private static Path program() {
        return Program.ROOT.resolve("simulator/chain/src/test/spark/ReadLog.java");
    }

    private List<String> arguments(GatewayProcess gateway, String table) {
        return List.of("127.0.0.1:" + gateway.pullPort(), table, folder.toString());
    }

    private static void post(GatewayProcess gateway, String type, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    /** With and without value, text, unit, seq and time. */
    private static String readings() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 1_400; i++) {
            ObjectNode reading =
                    JSON.createObjectNode().put("device", "d" + i % 23).put("metric", "m" + i % 3);
            switch (i % 4) {
                case 0 -> reading.put("value", i / 8.0).put("seq", i);
                case 1 -> reading.put("value", i % 8 == 1).put("seq", i);
                case 2 -> reading.put("value", "täxt " + i).put("unit", "°C");
                default ->
                    reading.put("value", i)
                            .put("time", "2026-11-22T10:00:00.123Z")
                            .put("seq", i);
            }
            body.append(reading).append('\n');
        }
        return body.toString();
    }

    /** In the combined format, some with a user and a referer. */
    private static String requests() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 1_200; i++) {
            body.append(
                    "10.0.%d.%d - %s [17/May/2015:10:%02d:%02d +0000] \"GET /p%d?q=%d HTTP/1.1\" %d %s \"%s\" \"%s\"\n"
                            .formatted(
                                    i % 5,
                                    i % 31,
                                    i % 3 == 0 ? "ann" : "-",
                                    i / 60 % 60,
                                    i % 60,
                                    i % 7,
                                    i,
                                    i % 11 == 0 ? 404 : 200,
                                    i % 13 == 0 ? "-" : "" + i * 10,
                                    i % 2 == 0 ? "http://example.org/" : "-",
                                    i % 4 == 0 ? "Googlebot/2.1" : "-"));
        }
        return body.toString();
    }

    /** What Spark must have written, made of another reading of the log; absent fields are not written. */
    private static List<JsonNode> expected(GatewayProcess gateway, boolean readings) {
        Map<Integer, Long> next = new HashMap<>();
        List<JsonNode> rows = new ArrayList<>();
        for (Event event : GatewayLog.events(gateway.pullPort())) {
            String key = event.hasReading()
                    ? event.getReading().getDevice()
                    : event.getRequest().getClient();
            int keyGroup = KeyGroups.of(key, KEY_GROUPS);
            long offset = next.merge(keyGroup, 1L, Long::sum) - 1;
            ObjectNode row = readings ? of(event.getReading()) : of(event.getRequest());
            row.put("time", time(event.getTimeUs() / 1_000));
            row.put("time_source", event.getTimeSource().name().toLowerCase(Locale.ROOT));
            row.put("received", time(event.getReceivedMs()));
            row.put("gateway", "gateway").put("key_group", keyGroup).put("offset", offset);
            rows.add(text(row));
        }
        return rows;
    }

    private static ObjectNode of(Reading reading) {
        ObjectNode row = JSON.createObjectNode();
        row.put("device", reading.getDevice()).put("metric", reading.getMetric());
        reading.getAllFields().forEach((field, value) -> {
            switch (field.getName()) {
                case "value" -> row.put("value", (double) value);
                case "text", "unit" -> row.put(field.getName(), value.toString());
                case "seq" -> row.put("seq", (long) value);
                default -> {}
            }
        });
        return row;
    }

    private static ObjectNode of(Request request) {
        ObjectNode row = JSON.createObjectNode();
        request.getAllFields().forEach((field, value) -> {
            switch (field.getName()) {
                case "status" -> row.put("status", (int) value);
                case "bytes" -> row.put("bytes", (long) value);
                case "duration_us" -> row.put("duration", (long) value / 1e6);
                case "agent_class" -> row.put("agent_class", value.toString().toLowerCase(Locale.ROOT));
                default -> row.put(field.getName(), value.toString());
            }
        });
        return row;
    }

    private static String time(long ms) {
        return SPARK_TIME.format(Instant.ofEpochMilli(ms));
    }

    private List<JsonNode> rows(String result) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(result))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    rows.add(text(JSON.readTree(line)));
                }
            }
        }
        return rows;
    }

    /** Through text, so that equal numbers are of equal types. */
    private static JsonNode text(JsonNode row) {
        try {
            return JSON.readTree(row.toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
