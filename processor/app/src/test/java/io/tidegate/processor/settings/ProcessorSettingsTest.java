package io.tidegate.processor.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.processor.sink.TableSink;
import io.tidegate.processor.structured.KeyedQuery;
import io.tidegate.processor.structured.SqlQuery;
import io.tidegate.processor.structured.StructuredQuery;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Settings;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.jdbc.JdbcTarget;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorSettingsTest {

    private static final String ONE = "queries = [{ name = q, kind = counts, from = readings }]\n";

    @TempDir
    Path folder;

    @Test
    void the_defaults_are_the_documented_ones() throws Exception {
        ProcessorSettings settings = read(ONE);

        assertThat(settings.id()).isEqualTo("processor");
        assertThat(settings.gateway()).isEqualTo("localhost:9470");
        assertThat(settings.group()).isEqualTo("processor");
        assertThat(settings.batchInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.checkpointDir()).isEqualTo(Path.of("data/processor"));
        assertThat(settings.partitions()).isEqualTo(2);
        assertThat(settings.stopTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.receiver())
                .isEqualTo(new ProcessorSettings.Receiver(200_000, 32 << 20, Duration.ofMillis(200)));
        assertThat(settings.mqtt().broker()).isEqualTo(URI.create("tcp://localhost:1883"));
        assertThat(settings.mqtt().clientId()).isEqualTo("tidegate-processor");
        assertThat(settings.mqtt().maxInFlight()).isEqualTo(1_000);
        assertThat(settings.http().getHostString()).isEqualTo("127.0.0.1");
        assertThat(settings.http().getPort()).isEqualTo(8471);
        assertThat(settings.sinks().files()).isEqualTo(Path.of("data/results"));
        assertThat(settings.sinks().tables()).isEmpty();
        assertThat(settings.queries())
                .containsExactly(new Query(
                        "q",
                        new RowExpressions(EventTable.READINGS, "", List.of(), "value"),
                        new QueryKind.Counts(),
                        List.of(Target.MQTT)));
    }

    @Test
    void every_key_can_be_set() throws Exception {
        ProcessorSettings settings = read(ONE + """
                id = p2
                gateways = ["[::1]:1"]
                group = g
                batch-interval = 500ms
                checkpoint-dir = /tmp/c
                partitions = 3
                stop-timeout = 5s
                receiver { max-events = 7, max-bytes = 1MiB, block-interval = 100ms }
                mqtt { broker = "ssl://b:8883", client-id = c, user = u, password = p, max-in-flight = 5 }
                http { host = "0.0.0.0", port = 0 }
                """);

        assertThat(settings.id()).isEqualTo("p2");
        assertThat(settings.gateway()).isEqualTo("[::1]:1");
        assertThat(settings.group()).isEqualTo("g");
        assertThat(settings.batchInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.checkpointDir()).isEqualTo(Path.of("/tmp/c"));
        assertThat(settings.partitions()).isEqualTo(3);
        assertThat(settings.stopTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.receiver()).isEqualTo(new ProcessorSettings.Receiver(7, 1 << 20, Duration.ofMillis(100)));
        assertThat(settings.mqtt().user()).isEqualTo("u");
        assertThat(settings.mqtt().password()).isEqualTo("p");
        assertThat(settings.mqtt().maxInFlight()).isEqualTo(5);
        assertThat(settings.http().getPort()).isZero();
        assertThat(settings.toString()).doesNotContain("password=p");
    }

    @Test
    void the_queries_of_the_manual_are_read_as_they_are_meant() throws Exception {
        ProcessorSettings settings = ProcessorSettings.from(Settings.load(
                ProcessorSettings.root(), Path.of("../../config/processor.conf"), Map.of(), new Properties()));

        assertThat(settings.queries())
                .extracting(Query::kind)
                .containsExactly(
                        new QueryKind.Sessions(30_000, 10_000, 1_000, 1_000_000),
                        new QueryKind.Window(
                                60_000,
                                5_000,
                                List.of(
                                        AggregateFunction.COUNT,
                                        AggregateFunction.MEAN,
                                        AggregateFunction.MIN,
                                        AggregateFunction.MAX)),
                        new QueryKind.Totals(1_000, 1_000_000, QueryKind.UNBOUNDED),
                        new QueryKind.Top(60_000, 1_000, 10),
                        new QueryKind.Counts(),
                        new QueryKind.Sessions(1_800_000, 60_000, 1_000, 1_000_000),
                        new QueryKind.Top(300_000, 1_000, 10),
                        new QueryKind.Totals(1_000, 1_000_000, QueryKind.UNBOUNDED),
                        new QueryKind.Counts());
        assertThat(settings.queries().get(1).rows())
                .isEqualTo(new RowExpressions(
                        EventTable.READINGS,
                        "metric = 'temperature'",
                        List.of(new ByColumn("device", "device")),
                        "value"));
    }

    @Test
    void state_is_bounded_for_all_queries_and_for_one() throws Exception {
        ProcessorSettings settings = read("""
                max-keys = 500
                queries = [
                  { name = a, kind = totals, from = requests, by = [client], max-keys = 7, forget-after = 7d }
                  { name = b, kind = totals, from = requests, by = [client] }
                  { name = c, kind = sessions, from = requests, by = [client], gap = 30m, max-keys = 9 }
                ]
                """);

        assertThat(settings.queries())
                .extracting(Query::kind)
                .containsExactly(
                        new QueryKind.Totals(1_000, 7, 7 * 24 * 3_600_000L),
                        new QueryKind.Totals(1_000, 500, QueryKind.UNBOUNDED),
                        new QueryKind.Sessions(1_800_000, 60_000, 1_000, 9));
    }

    @Test
    void an_anomaly_query_needs_a_window_only() throws Exception {
        ProcessorSettings settings = read("""
                queries = [
                  { name = a, kind = anomaly, from = readings, by = [device, metric], window = 1h }
                  { name = b, kind = anomaly, from = requests, value = duration, window = 10m, slide = 5s, warm-up = 10
                    threshold = 8, recover-below = 2.5, min-length = 3, recover-after = 4, min-deviation = 0.01, max-keys = 9 }
                ]
                """);

        assertThat(settings.queries())
                .extracting(Query::kind)
                .containsExactly(
                        new QueryKind.Anomaly(
                                3_600_000, 300_000, 30, 0, new QueryKind.Anomaly.Thresholds(6, 3, 1, 10), 1_000_000),
                        new QueryKind.Anomaly(
                                600_000, 5_000, 10, 0.01, new QueryKind.Anomaly.Thresholds(8, 2.5, 3, 4), 9));
    }

    @Test
    void what_an_anomaly_query_cannot_be_is_refused() {
        List<String> mistakes = mistakes("""
                queries = [
                  { name = a, kind = anomaly, from = readings, window = 1h, slide = 2h, recover-below = 7 }
                  { name = b, kind = anomaly, from = readings, window = 1h, slide = 1s, min-length = 0, trigger = 1s }
                  { name = c, kind = anomaly, from = readings }
                ]
                """);

        assertMistake(mistakes, "queries[0].slide", "from 1/120 of the window to the window");
        assertMistake(mistakes, "queries[0].recover-below: given 7", "6");
        assertMistake(mistakes, "queries[1].slide", "from 1/120 of the window to the window");
        assertMistake(mistakes, "queries[1].min-length", "1 to 1000");
        assertMistake(mistakes, "queries[1].trigger", "engine = structured beside it");
        assertMistake(mistakes, "queries[2].window: given nothing", "a duration");
    }

    @Test
    void the_textbook_figures_are_legal() throws Exception {
        ProcessorSettings settings = read("""
                queries = [
                  { name = a, kind = window, from = readings, window = 3s, slide = 2s }
                  { name = b, kind = window, from = readings, by = [device], window = 300s, compute = [count] }
                  { name = c, kind = totals, from = readings, by = ["split(device, '-') AS part"], value = "value * 2"
                    emit-every = 10s, to = [console, mqtt] }
                ]
                """);

        assertThat(settings.queries().get(0).kind())
                .isEqualTo(new QueryKind.Window(3_000, 2_000, List.of(AggregateFunction.COUNT)));
        assertThat(settings.queries().get(1).kind())
                .isEqualTo(new QueryKind.Window(300_000, 1_000, List.of(AggregateFunction.COUNT)));
        assertThat(settings.queries().get(2).kind())
                .isEqualTo(new QueryKind.Totals(10_000, 1_000_000, QueryKind.UNBOUNDED));
        assertThat(settings.queries().get(2).to()).containsExactly(Target.CONSOLE, Target.MQTT);
    }

    @Test
    void every_mistake_is_told_at_once_with_its_place_and_what_is_expected() {
        List<String> mistakes = mistakes("""
                gateways = ["a:1", "b:2"]
                checkpoint-dir = ""
                mqtt.broker = "localhost"
                queries = [
                  { name = "a/#", kind = window, from = readings, window = 1500ms, slide = 1s, compute = [p95, avg] }
                  { name = b, kind = sessions, from = logs, where = "metrik = 1", by = ["lower(device)"] }
                  { name = b, kind = counts, from = readings, to = [kafka], value = device }
                  { name = c, kind = top, from = readings, window = 2s, slide = 4s, limit = 0, gap = 3s }
                  { name = d, kind = histogram, from = readings, by = [device, device] }
                ]
                """);

        assertMistake(mistakes, "gateways", "several gateways are not there yet");
        assertMistake(mistakes, "checkpoint-dir", "keep state");
        assertMistake(mistakes, "mqtt.broker", "tcp://host:port");
        assertMistake(mistakes, "queries[0].name", "level of topics");
        assertMistake(mistakes, "queries[0].window: given 1500ms", "a multiple of batch-interval 1s: 1s or 2s");
        assertMistake(
                mistakes, "queries[0].compute", "any of count, sum, mean, min, max, stddev, p50, p95, p99, distinct");
        assertMistake(mistakes, "queries[1].from", "one of readings, requests");
        assertMistake(mistakes, "queries[1].where", "metrik");
        assertMistake(mistakes, "queries[1].by", "AS name");
        assertMistake(mistakes, "queries[1].gap: given nothing", "a duration");
        assertMistake(mistakes, "queries[2].name", "no other query");
        assertMistake(mistakes, "queries[2].to", "any of mqtt, jdbc, files, console");
        assertMistake(mistakes, "queries[2].value", "must be a number");
        assertMistake(mistakes, "queries[3].slide", "no more than the window");
        assertMistake(mistakes, "queries[3].limit", "1 to 10000");
        assertMistake(mistakes, "queries[3].gap", "");
        assertMistake(mistakes, "queries[4].kind", "sessions, totals, window, top, counts, anomaly or sql");
        assertMistake(mistakes, "queries[4].by", "twice");
        assertThat(mistakes).allMatch(line -> line.matches(".*processor\\.conf:\\d+: .*"));
    }

    @Test
    void a_query_over_requests_has_bytes_as_its_value() throws Exception {
        ProcessorSettings settings = read("queries = [{ name = q, kind = counts, from = requests, by = [status] }]");

        assertThat(settings.queries().get(0).rows())
                .isEqualTo(new RowExpressions(
                        EventTable.REQUESTS, "", List.of(new ByColumn("status", "status")), "bytes"));
        assertThat(settings.queries().get(0).describe()).containsEntry("from", "requests");
    }

    @Test
    void a_table_is_that_of_the_query_over_that_of_all_over_the_default() throws Exception {
        ProcessorSettings settings = read("""
                jdbc { url = "jdbc:postgresql://db/tide", user = u, password = sesame, retry-for = 5s }
                files.dir = /var/results
                queries = [
                  { name = a-b, kind = totals, from = requests, by = [host, status], to = [jdbc, files] }
                  { name = c, kind = sessions, from = requests, by = [client], gap = 30m, to = [jdbc]
                    jdbc { url = "jdbc:h2:mem:x", user = sa, password = "", table = visits, key = [client], retry-for = 1s } }
                  { name = d, kind = counts, from = requests }
                ]
                """);

        Sinks sinks = settings.sinks();
        assertThat(sinks.files()).isEqualTo(Path.of("/var/results"));
        assertThat(sinks.tables()).containsOnlyKeys("a-b", "c");
        TableSink first = Objects.requireNonNull(sinks.tables().get("a-b"));
        assertThat(first.database())
                .isEqualTo(new JdbcTarget("jdbc:postgresql://db/tide", "u", "sesame", Duration.ofSeconds(5)));
        assertThat(first.table().table().name()).isEqualTo("a-b");
        assertThat(first.table().table().key()).containsExactly("id");
        TableSink second = Objects.requireNonNull(sinks.tables().get("c"));
        assertThat(second.database()).isEqualTo(new JdbcTarget("jdbc:h2:mem:x", "sa", "", Duration.ofSeconds(1)));
        assertThat(second.table().table().name()).isEqualTo("visits");
        assertThat(second.table().table().key()).containsExactly("client");
        assertThat(settings.toString()).doesNotContain("sesame");
    }

    @Test
    void a_query_in_sql_is_read_beside_the_others() throws Exception {
        ProcessorSettings settings = read("""
                sql.max-events = 7
                queries = [
                  { name = q, kind = counts, from = readings }
                  { name = hours, kind = sql, output-mode = update, trigger = 2s, to = [mqtt, jdbc], topic = "h/{action}"
                    retained = true, jdbc { table = actions, key = [hour, action] }
                    watermark = { column = time, delay = 10m }
                    sql = "SELECT window(time, '1 hour').start AS hour, method AS action, count(*) AS n FROM requests GROUP BY window(time, '1 hour'), method" }
                ]
                """);

        assertThat(settings.queries()).extracting(Query::name).containsExactly("q");
        assertThat(settings.structured()).hasSize(1);
        SqlQuery query = (SqlQuery) settings.structured().get(0);
        assertThat(query.name()).isEqualTo("hours");
        assertThat(query.mode()).isEqualTo(SqlQuery.Mode.UPDATE);
        assertThat(query.watermark()).contains(new SqlQuery.Watermark("time", Duration.ofMinutes(10)));
        assertThat(query.pace()).isEqualTo(new StructuredQuery.Pace(Duration.ofSeconds(2), 7));
        assertThat(query.to()).containsExactly(Target.MQTT, Target.JDBC);
        assertThat(query.options())
                .containsEntry("mqtt.topic", "h/{action}")
                .containsEntry("mqtt.retained", "true")
                .containsEntry("jdbc.dbtable", "actions")
                .containsEntry("jdbc.key", "hour,action");
    }

    @Test
    void sessions_and_anomaly_run_on_the_engine_that_they_name() throws Exception {
        ProcessorSettings settings = read("""
                queries = [
                  { name = a, kind = sessions, from = readings, by = [device], gap = 30s }
                  { name = b, kind = sessions, engine = structured, from = readings, by = [device], gap = 30s
                    trigger = 2s, max-events = 9, to = [jdbc] }
                  { name = c, kind = sessions, engine = dstreams, from = readings, by = [device], gap = 30s }
                  { name = d, kind = anomaly, engine = structured, from = readings, by = [device], window = 1h }
                ]
                """);

        assertThat(settings.queries()).extracting(Query::name).containsExactly("a", "c");
        assertThat(settings.names()).containsExactly("a", "c", "b", "d");
        assertThat(settings.structured().get(1).describe())
                .containsEntry("kind", "anomaly")
                .containsEntry("engine", "structured");
        KeyedQuery sessions = (KeyedQuery) settings.structured().get(0);
        assertThat(sessions.query().kind()).isEqualTo(settings.queries().get(0).kind());
        assertThat(sessions.pace()).isEqualTo(new StructuredQuery.Pace(Duration.ofSeconds(2), 9));
        assertThat(sessions.describe()).containsEntry("engine", "structured").containsEntry("gap", "30s");
        assertThat(settings.sinks().tables()).containsOnlyKeys("b");
        assertThat(settings.only(Set.of("b")).queries()).isEmpty();
        assertThat(settings.only(Set.of("b")).structured()).containsExactly(sessions);
    }

    @Test
    void an_engine_that_there_is_not_and_what_only_the_other_one_knows_are_mistakes() {
        List<String> mistakes = mistakes("""
                queries = [
                  { name = a, kind = sessions, engine = flink, from = readings, by = [device], gap = 30s }
                  { name = b, kind = totals, engine = structured, from = readings }
                  { name = c, kind = sessions, from = readings, gap = 30s, trigger = 2s }
                ]
                """);

        assertThat(mistakes).hasSize(3);
        assertThat(mistakes.get(0))
                .contains(
                        ".conf:3: tidegate.processor.queries[0].engine: given flink (expected: one of dstreams, structured)");
        assertThat(mistakes.get(1)).contains("queries[1].engine", "only sessions and anomaly run on either engine");
        assertThat(mistakes.get(2)).contains("queries[2].trigger", "engine = structured beside it");
    }

    @Test
    void sql_that_cannot_run_as_a_stream_is_told_with_line_and_reason() {
        List<String> mistakes = mistakes("""
                queries = [
                  { name = a, kind = sql, sql = "SELECT devise FROM readings" }
                  { name = b, kind = sql, sql = "SELECT frobnicate(device) AS x FROM readings" }
                  { name = c, kind = sql, sql = "SELECT * FROM events" }
                  { name = d, kind = sql, sql = "DROP TABLE readings" }
                  { name = e, kind = sql, sql = "SELECT 1 AS one" }
                  { name = f, kind = sql, sql = "SELECT device, count(*) AS n FROM readings GROUP BY device" }
                  { name = g, kind = sql, output-mode = update, to = [jdbc]
                    sql = "SELECT device, count(*) AS n FROM readings GROUP BY device" }
                  { name = h, kind = sql, sql = "SELECT path, query FROM requests" }
                  { name = i, kind = sql, sql = "SELECT device FROM readings", watermark { column = when, delay = 1m } }
                  { name = a, kind = sql, sql = "SELECT FROM WHERE", gap = 3s }
                ]
                """);

        assertMistake(mistakes, "processor.conf:3: tidegate.processor.queries[0].sql", "devise");
        assertMistake(mistakes, "queries[1].sql", "no function frobnicate");
        assertMistake(mistakes, "queries[2].sql", "events");
        assertMistake(mistakes, "queries[3].sql", "must be a SELECT");
        assertMistake(mistakes, "queries[4].sql", "must read readings or requests");
        assertMistake(mistakes, "queries[5].sql", "watermark");
        assertMistake(mistakes, "queries[6].jdbc", "a key");
        assertMistake(mistakes, "queries[7].sql", "query AS name");
        assertMistake(mistakes, "queries[8].sql", "when");
        assertMistake(mistakes, "queries[9].name", "no other query");
        assertMistake(mistakes, "queries[9].sql", "that Spark can run as a stream");
        assertMistake(mistakes, "queries[9].gap", "");
        assertThat(mistakes).allMatch(line -> line.matches(".*processor\\.conf:\\d+: .*"));
    }

    @Test
    void mistakes_in_tables_and_files_are_told_with_line_and_key() {
        List<String> mistakes = mistakes("""
                jdbc { url = "jdbc:mysql://u:sesame@h/db", retry-for = 2h }
                files.dir = " "
                queries = [
                  { name = a, kind = totals, from = requests, by = [query], to = [jdbc] }
                  { name = b, kind = totals, from = requests, by = [host], to = [jdbc]
                    jdbc { url = "jdbc:h2:mem:x", key = [hots, host], tabel = x } }
                  { name = c, kind = totals, from = requests, by = [host], to = [jdbc], jdbc { table = "" } }
                  { name = d, kind = totals, from = requests, by = [host], to = [jdbc]
                    jdbc { url = "jdbc:h2:mem:x", table = t } }
                  { name = e, kind = counts, from = requests, by = [host], to = [jdbc]
                    jdbc { url = "jdbc:h2:mem:x", table = t } }
                  { name = f, kind = sessions, from = requests, gap = 1m, value = bytes, jdbc { table = f } }
                ]
                """);

        assertMistake(mistakes, "processor.conf:2: tidegate.processor.jdbc.url", "jdbc:h2:… or jdbc:postgresql:…");
        assertMistake(mistakes, "processor.conf:2: tidegate.processor.jdbc.retry-for: given 2h", "to 1h");
        assertMistake(mistakes, "processor.conf:3: tidegate.processor.files.dir", "a folder");
        assertMistake(mistakes, "queries[0].by", "other names than [query]");
        assertMistake(mistakes, "processor.conf:7: tidegate.processor.queries[1].jdbc.key", "columns of the table");
        assertMistake(mistakes, "queries[1].jdbc.tabel", "did you mean table?");
        assertMistake(mistakes, "queries[2].jdbc.table", "1 to 63 bytes");
        assertMistake(mistakes, "queries[4].jdbc.table: given t", "that of query d has other columns");
        assertMistake(mistakes, "queries[5].value", "pages, bytes and errors");
        assertMistake(mistakes, "queries[5].jdbc", "to = [jdbc]");
        assertThat(mistakes).noneMatch(line -> line.contains("sesame"));
    }

    @Test
    void a_key_is_a_column_in_its_own_case_as_it_is_in_the_table() throws Exception {
        String query = """
                queries = [ { name = a, kind = sql, output-mode = update, to = [jdbc], jdbc.key = [%s]
                  sql = "SELECT method AS Action, count(*) AS N FROM requests GROUP BY method" } ]
                """;

        assertMistake(
                mistakes(query.formatted("action")),
                "queries[0].jdbc.key",
                "columns of the table, each once: Action, N");
        assertThat(read(query.formatted("Action")).structured()).hasSize(1);
    }

    @Test
    void there_must_be_a_query() {
        assertMistake(mistakes("queries = []"), "queries", "at least one query");
    }

    private static void assertMistake(List<String> mistakes, String where, String expected) {
        assertThat(mistakes).anyMatch(line -> line.contains(where) && line.contains(expected));
    }

    private List<String> mistakes(String text) {
        InvalidSettings invalid = catchThrowableOfType(InvalidSettings.class, () -> read(text));
        return String.valueOf(invalid.getMessage()).lines().toList();
    }

    private ProcessorSettings read(String text) throws IOException, InvalidSettings {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, "tidegate.processor {\n" + text + "}\n");
        return ProcessorSettings.from(Settings.load(ProcessorSettings.root(), file, Map.of(), new Properties()));
    }
}
