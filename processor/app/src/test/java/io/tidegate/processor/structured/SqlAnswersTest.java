package io.tidegate.processor.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.Postgres;
import io.tidegate.processor.settings.ProcessorSettings;
import io.tidegate.settings.Settings;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StateOperatorProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What queries in SQL have been asked for elsewhere, and got wrong: from the configuration through Spark into a database,
 * with files in the place of the log. The process is in New York.
 */
class SqlAnswersTest {

    private static final Instant START = Instant.parse("2026-11-30T00:00:00Z");
    private static final TimeZone USUAL = TimeZone.getDefault();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static SparkSession spark;

    private static @Nullable Postgres postgres;

    @TempDir
    Path folder;

    private String url = "";
    private int files;

    @BeforeAll
    static void start() {
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        spark = LocalSpark.start();
    }

    @AfterAll
    static void stop() {
        spark.stop();
        TimeZone.setDefault(USUAL);
        if (postgres != null) {
            postgres.close();
        }
    }

    @AfterEach
    void close() {
        JdbcResults.closeAll();
    }

    @Test
    void days_are_those_of_utc_wherever_the_process_is_and_those_of_a_place_when_asked_for() throws Exception {
        use("h2");
        requests("2026-10-24T22:30:00Z", "2026-10-25T22:30:00Z", "2026-10-25T23:30:00Z");

        run(
                "days",
                "[day]",
                "SELECT window(time, '1 day').start AS day, count(*) AS n FROM requests GROUP BY window(time, '1 day')");
        run(
                "berlin",
                "[day]",
                "SELECT date_trunc('DAY', from_utc_timestamp(time, 'Europe/Berlin')) AS day, count(*) AS n FROM requests GROUP BY date_trunc('DAY', from_utc_timestamp(time, 'Europe/Berlin'))");

        assertThat(rows("SELECT \"day\", \"n\" FROM \"days\" ORDER BY 1"))
                .containsExactly("2026-10-24T00:00:00Z 1", "2026-10-25T00:00:00Z 2");
        assertThat(rows("SELECT \"day\", \"n\" FROM \"berlin\" ORDER BY 1"))
                .as("the 25th of October has 25 hours in Berlin")
                .containsExactly("2026-10-25T00:00:00Z 2", "2026-10-26T00:00:00Z 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void the_hour_that_comes_twice_when_summer_time_ends_is_two_rows(String database) throws Exception {
        use(database);
        requests("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z");
        requests("2026-11-01T06:45:00Z");

        run(
                "hours",
                "[hour, action]",
                "SELECT window(time, '1 hour').start AS hour, method AS action, count(*) AS n FROM requests GROUP BY window(time, '1 hour'), method");

        assertThat(rows("SELECT \"hour\", \"action\", \"n\" FROM \"hours\" ORDER BY 1"))
                .containsExactly("2026-11-01T05:00:00Z GET 1", "2026-11-01T06:00:00Z GET 2");
        assertThat(lines("hours"))
                .contains("\"hour\":\"2026-11-01T05:00:00.000Z\"", "\"hour\":\"2026-11-01T06:00:00.000Z\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void words_of_sql_are_names_like_others_and_a_row_whose_key_has_a_null_is_replaced(String database)
            throws Exception {
        use(database);
        requests("2026-11-23T07:40:02Z");
        requests("2026-11-23T07:40:03Z");

        run(
                "order",
                "[order, user, value, key]",
                "SELECT method AS `order`, user AS `user`, status AS `value`, path AS `key`, count(*) FROM requests GROUP BY method, user, status, path");

        assertThat(rows("SELECT \"order\", \"user\", \"value\", \"key\", \"count(1)\" FROM \"order\""))
                .containsExactly("GET null 200 /a 2");
    }

    @Test
    void a_text_that_is_no_number_is_null_and_the_query_goes_on() throws Exception {
        use("h2");
        readings("""
                {"device":"d1","metric":"t","text":"21.5"}""", """
                {"device":"d1","metric":"t","text":"N/A"}""");
        readings("""
                {"device":"d1","metric":"t","text":" 7 "}""");

        run("numbers", "", "SELECT device, CAST(text AS DOUBLE) AS v FROM readings");

        assertThat(rows("SELECT \"device\", \"v\" FROM \"numbers\""))
                .containsExactlyInAnyOrder("d1 21.5", "d1 null", "d1 7.0");
    }

    /** Spark has one watermark for all devices; the gateway lets a clock be less than five minutes ahead. */
    @ParameterizedTest
    @CsvSource({"1m, 3, 0", "5m, 0, 3"})
    void a_clock_that_is_ahead_makes_others_late_by_no_more_than_it_is_ahead(String delay, long late, int counted)
            throws Exception {
        use("h2");
        for (int i = 0; i < 2; i++) { // what is late for Spark is so by the watermark of the batch before
            readings("""
                    {"device":"fast","time":"2026-11-23T10:04:50Z"}""");
        }
        for (int i = 0; i < 3; i++) { // one in each batch: Spark counts late groups, not rows
            readings("{\"device\":\"d" + i + "\",\"time\":\"2026-11-23T10:00:0" + i + "Z\"}");
        }

        long behind = run(
                "minutes",
                "[device, minute]",
                "SELECT device, window(time, '1 minute').start AS minute, count(*) AS n FROM readings GROUP BY device, window(time, '1 minute')",
                "watermark = { column = time, delay = " + delay + " }");

        assertThat(behind).isEqualTo(late);
        assertThat(rows("SELECT count(*) FROM \"minutes\" WHERE \"device\" <> 'fast'"))
                .containsExactly("" + counted);
    }

    private void use(String database) {
        if (database.equals("h2")) {
            url = "jdbc:h2:file:" + folder.resolve("db");
        } else {
            assumeTrue(Postgres.installed().isPresent(), "PostgreSQL is not installed: nothing is tested against it");
            if (postgres == null) {
                postgres = Postgres.start();
            }
            url = postgres.url();
        }
    }

    /** A batch of GET /a. */
    private void requests(String... times) throws IOException {
        add(
                EventTable.REQUESTS,
                Stream.of(times)
                        .map(time ->
                                "{\"client\":\"192.0.2.7\",\"method\":\"GET\",\"path\":\"/a\",\"status\":200,\"time\":\""
                                        + time + "\"}"));
    }

    /** A batch. */
    private void readings(String... lines) throws IOException {
        add(EventTable.READINGS, Stream.of(lines));
    }

    private void add(EventTable table, Stream<String> lines) throws IOException {
        files++;
        Path file = Files.writeString(folder.resolve("unfinished"), lines.collect(Collectors.joining("\n")));
        Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(files))); // by that Spark orders them
        Files.move(file, log(table).resolve(files + ".json"));
    }

    private Path log(EventTable table) throws IOException {
        return Files.createDirectories(folder.resolve(table.label()));
    }

    /** Runs a query of the configuration over everything that is there, and says how much was late. */
    private long run(String name, String key, String sql, String... more) throws Exception {
        SqlQuery query = query(name, key, sql, more);
        SparkSession session = spark.newSession();
        StreamingQuery running = StructuredQueries.rows(session, query, table -> stream(session, table))
                .queryName(name)
                .option(
                        "checkpointLocation",
                        folder.resolve("checkpoint-" + name).toString())
                .trigger(Trigger.AvailableNow())
                .start();
        running.awaitTermination();
        return Stream.of(running.recentProgress())
                .flatMap(batch -> Stream.of(batch.stateOperators()))
                .mapToLong(StateOperatorProgress::numRowsDroppedByWatermark)
                .sum();
    }

    private Dataset<Row> stream(SparkSession session, EventTable table) {
        try {
            return session.readStream()
                    .schema(table.schema())
                    .option("maxFilesPerTrigger", 1)
                    .json(log(table).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SqlQuery query(String name, String key, String sql, String... more) throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, """
                tidegate.processor {
                  files.dir = "%s"
                  jdbc { url = "%s", user = %s, password = %s }
                  queries = [ { name = %s, kind = sql, output-mode = %s, to = [jdbc, files], sql = \"""%s\"""
                    %s
                    %s } ]
                }
                """.formatted(
                        folder.resolve("results"),
                        url,
                        Postgres.USER,
                        Postgres.PASSWORD,
                        name,
                        key.isEmpty() ? "append" : "update",
                        sql,
                        key.isEmpty() ? "" : "jdbc.key = " + key,
                        String.join("\n", more)));
        return (SqlQuery) ProcessorSettings.from(Settings.load("tidegate.processor", file, Map.of(), new Properties()))
                .structured()
                .get(0);
    }

    /** Rows of the database, times as instants. */
    private List<String> rows(String select) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url, Postgres.USER, Postgres.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(text(row, i));
                }
                rows.add(String.join(" ", values));
            }
        }
        return rows;
    }

    private static String text(ResultSet row, int column) throws Exception {
        String type = row.getMetaData().getColumnTypeName(column);
        if (type.equals("timestamptz") || type.equals("TIMESTAMP WITH TIME ZONE")) {
            Instant instant = row.getObject(column, OffsetDateTime.class).toInstant();
            return instant.toString();
        }
        return String.valueOf(row.getObject(column));
    }

    /** All lines of the files of a query. */
    private String lines(String query) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("results").resolve(query))) {
            StringBuilder text = new StringBuilder();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
            return text.toString();
        }
    }
}
