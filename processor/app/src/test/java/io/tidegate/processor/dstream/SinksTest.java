package io.tidegate.processor.dstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.processor.dstream.JobHarness.Published;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.sink.ResultTable;
import io.tidegate.processor.sink.TableSink;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Request;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import io.tidegate.spark.sink.jdbc.JdbcTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.util.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and files of every kind of query, across a restart with another database. */
class SinksTest {

    private static final List<Query> QUERIES = List.of(
            query("visitors", new QueryKind.Sessions(2_000, 60_000, 1_000), "client"),
            query("traffic", new QueryKind.Totals(1_000), "host", "status"),
            query("per-status", new QueryKind.Counts(), "status"),
            query(
                    "mean",
                    new QueryKind.Window(3_000, 1_000, List.of(AggregateFunction.MEAN, AggregateFunction.MAX)),
                    "host"),
            query("hot", new QueryKind.Top(3_000, 1_000, 2), "path"));
    private static final JobPlan PLAN = new JobPlan(QUERIES, ScriptedGateway.KEY_GROUPS, 2, "gw");

    private static final String USER = "tide";
    private static final String PASSWORD = "in-no-checkpoint";

    @TempDir
    Path folder;

    @BeforeEach
    void script() {
        ScriptedGateway.forget();
        for (long batch = 1_000; batch <= 8_000; batch += 1_000) {
            for (int i = 0; i < 6; i++) {
                request(batch, (int) (batch / 1_000) * 7 + i * 5);
            }
        }
    }

    @AfterEach
    void disconnect() {
        JdbcResults.closeAll();
    }

    @Test
    void every_result_is_a_line_and_a_row_where_this_start_says() throws Exception {
        Path checkpoint = folder.resolve("checkpoint");
        List<Published> before = new ArrayList<>();
        List<Published> after = new ArrayList<>();

        try (JobHarness job = JobHarness.start(PLAN, checkpoint, tables("one"), folder.resolve("files"))) {
            before.addAll(job.runThrough(5_000).published());
        }
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, tables("other"), folder.resolve("files"))) {
            after.addAll(job.runThrough(9_000).published());
        }

        assertNoSecret(checkpoint);
        assertTables("one", before);
        assertTables("other", after);
        List<Published> all = new ArrayList<>(before);
        all.addAll(after);
        assertThat(files(folder.resolve("files"))).isEqualTo(lines(all));
    }

    @Test
    void a_row_that_is_refused_stops_the_processor_and_is_named() throws Exception {
        Map<String, TableSink> tables = tables("db");
        TableSink traffic = Objects.requireNonNull(tables.get("traffic"));
        JdbcResults.makeTables(traffic.database(), List.of(traffic.table().table()));
        try (Connection connection = connect("db");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE traffic ADD CONSTRAINT few CHECK (count < 4)");
        }

        try (JobHarness job = JobHarness.start(PLAN, folder.resolve("checkpoint"), tables, folder.resolve("files"))) {
            ManualClock clock = (ManualClock) job.context().ssc().scheduler().clock();
            await().until(() -> {
                long batch = job.ledger().batch();
                if (batch == clock.getTimeMillis()) {
                    clock.advance(JobHarness.BATCH_MS);
                }
                return job.run().failure() != null;
            });

            assertThat(job.run().failure()).hasStackTraceContaining("table traffic, query traffic, id = traffic/h");
            assertThat(job.run().failure()).hasStackTraceContaining("few");
        }
    }

    private void assertTables(String database, List<Published> published) throws SQLException {
        for (Query query : QUERIES) {
            Map<String, JsonNode> expected = new TreeMap<>();
            published.stream()
                    .filter(one -> one.json().get("query").asText().equals(query.name()))
                    .forEach(one -> expected.put(one.id(), one.json()));
            Map<String, Map<String, Object>> rows = rows(database, query.name());

            assertThat(expected).isNotEmpty();
            assertThat(rows.keySet()).as(query.name()).isEqualTo(expected.keySet());
            expected.forEach((id, json) -> assertRow(Objects.requireNonNull(rows.get(id)), json));
        }
    }

    private static void assertNoSecret(Path checkpoint) throws IOException {
        try (Stream<Path> all = Files.walk(checkpoint)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertThat(files).isNotEmpty();
            for (Path file : files) {
                assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(PASSWORD)
                        .doesNotContain("jdbc:h2:");
            }
        }
    }

    /** Every field of the JSON is in the row; what the row has beyond is null. */
    private static void assertRow(Map<String, Object> row, JsonNode json) {
        Map<String, String> expected = new TreeMap<>();
        json.properties().forEach(field -> {
            if (field.getKey().equals("key")) {
                field.getValue().properties().forEach(column -> put(expected, column.getKey(), column.getValue()));
            } else {
                put(expected, field.getKey().equals("durationMs") ? "duration_ms" : field.getKey(), field.getValue());
            }
        });
        Map<String, String> given = new TreeMap<>();
        row.forEach((column, value) -> {
            if (value instanceof OffsetDateTime time) {
                given.put(column, String.format("%1$tFT%1$tT.%1$tLZ", time));
            } else if (value != null) {
                given.put(column, value.toString());
            }
        });
        assertThat(given).isEqualTo(expected);
    }

    private static void put(Map<String, String> expected, String name, JsonNode value) {
        if (!value.isNull()) {
            expected.put(name, value.isTextual() ? value.asText() : value.toString());
        }
    }

    private static Map<String, String> lines(List<Published> published) {
        Map<String, TreeMap<String, String>> files = new TreeMap<>();
        for (Published one : published) {
            String file = one.json().get("query").asText() + "/1970-01-01/" + one.batch() + ".jsonl";
            files.computeIfAbsent(file, f -> new TreeMap<>())
                    .put(one.topic() + one.id(), one.json().toString());
        }
        Map<String, String> lines = new TreeMap<>();
        files.forEach(
                (file, some) -> lines.put(file, some.values().stream().sorted().collect(Collectors.joining("\n"))));
        return lines;
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                List<String> lines = new ArrayList<>();
                for (String line : Files.readAllLines(file)) {
                    lines.add(json.readTree(line).toString());
                }
                files.put(
                        folder.relativize(file).toString(),
                        lines.stream().sorted().collect(Collectors.joining("\n")));
            }
        }
        return files;
    }

    private Map<String, Map<String, Object>> rows(String database, String table) throws SQLException {
        Map<String, Map<String, Object>> rows = new TreeMap<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM \"" + table + "\"")) {
            while (result.next()) {
                Map<String, Object> row = new HashMap<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    String name = result.getMetaData().getColumnName(i);
                    boolean isText = name.equals("top") || name.equals("metrics");
                    row.put(name, isText ? result.getString(i) : result.getObject(i));
                }
                rows.put(result.getString("id"), row);
            }
        }
        return rows;
    }

    private Map<String, TableSink> tables(String database) {
        JdbcTarget target = new JdbcTarget(url(database), USER, PASSWORD, Duration.ofSeconds(60));
        return QUERIES.stream()
                .collect(Collectors.toMap(
                        Query::name, query -> new TableSink(target, ResultTable.of(query, query.name(), List.of()))));
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, PASSWORD);
    }

    private String url(String database) {
        return "jdbc:h2:file:" + folder.resolve(database) + ";DATABASE_TO_LOWER=TRUE";
    }

    private static void request(long batch, int n) {
        ScriptedGateway.write(
                batch,
                n % ScriptedGateway.KEY_GROUPS,
                Event.newBuilder()
                        .setTimeUs(1_700_000_000_000_000L + batch * 1_000 + n)
                        .setReceivedMs(batch - 1)
                        .setRequest(Request.newBuilder()
                                .setClient("c" + n % 3)
                                .setHost("h" + n % 2)
                                .setPath("/" + n % 5)
                                .setStatus(n % 4 == 0 ? 404 : 200)
                                .setBytes(n * 100L))
                        .build());
    }

    private static Query query(String name, QueryKind kind, String... by) {
        List<ByColumn> columns =
                Stream.of(by).map(column -> new ByColumn(column, column)).toList();
        return new Query(
                name,
                new RowExpressions(EventTable.REQUESTS, "", columns, "bytes"),
                kind,
                List.of(Target.JDBC, Target.FILES, Target.CONSOLE));
    }
}
