package io.tidegate.spark.sink.jdbc;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.util.Throwables.getStackTrace;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.Postgres;
import io.tidegate.spark.sink.internal.Streams;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Structured streams into real databases: every batch once, or not at all. */
class JdbcSinkTest {

    private static @Nullable Postgres postgres;

    @TempDir
    Path folder;

    private Streams streams;
    private String url = "";

    @BeforeEach
    void start() throws Exception {
        streams = new Streams(folder);
    }

    @AfterEach
    void stop() throws SQLException {
        JdbcResults.closeAll();
        if (url.startsWith("jdbc:postgresql:")) {
            sql("DROP SCHEMA public CASCADE");
            sql("CREATE SCHEMA public");
        }
    }

    @AfterAll
    static void stopSparkAndServer() {
        Streams.stopSpark();
        if (postgres != null) {
            postgres.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void rows_are_inserted_once_though_their_batch_runs_again(Dialect dialect) throws Exception {
        use(dialect);
        streams.add("{\"word\":\"a\"}", "{\"word\":\"a\"}").add("{\"word\":\"b\"}");
        streams.run(into("words", streams.of("word STRING")));

        streams.forgetCommit();
        streams.add("{\"word\":\"c\"}");
        streams.run(into("words", streams.of("word STRING")));

        assertThat(query("SELECT \"word\" FROM \"words\" ORDER BY 1")).containsExactly("a", "a", "b", "c");
        assertThat(query("SELECT \"target\", \"batch\" FROM \"tidegate_batches\""))
                .containsExactly("words 2");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_row_replaces_the_one_with_its_key(Dialect dialect) throws Exception {
        use(dialect);
        streams.add("{\"word\":\"a\"}", "{\"word\":\"b\"}", "{\"word\":null}")
                .add("{\"word\":\"a\"}", "{\"word\":null}");
        Dataset<Row> counts = streams.of("word STRING").groupBy("word").count();
        streams.run(into("counts", counts).outputMode("update").option("key", "word"));

        streams.forgetCommit();
        streams.add("{\"word\":\"a\"}");
        streams.run(into("counts", counts).outputMode("update").option("key", "word"));

        assertThat(query("SELECT \"word\", \"count\" FROM \"counts\" ORDER BY 2 DESC, 1"))
                .containsExactly("a 3", "null 2", "b 1");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void complete_mode_replaces_what_is_there(Dialect dialect) throws Exception {
        use(dialect);
        Dataset<Row> best = streams.of("word STRING")
                .groupBy("word")
                .count()
                .orderBy(col("count").desc())
                .limit(1);
        streams.add("{\"word\":\"a\"}");
        streams.run(into("best", best).outputMode("complete"));
        assertThat(query("SELECT \"word\", \"count\" FROM \"best\"")).containsExactly("a 1");

        streams.add("{\"word\":\"b\"}", "{\"word\":\"b\"}");
        streams.run(into("best", best).outputMode("complete"));

        assertThat(query("SELECT \"word\", \"count\" FROM \"best\"")).containsExactly("b 2");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_row_that_the_database_refuses_stops_its_batch_and_is_named(Dialect dialect) throws Exception {
        use(dialect);
        sql("CREATE TABLE \"checked\" (\"word\" VARCHAR, \"n\" BIGINT CHECK (\"n\" < 10))");
        streams.add("{\"word\":\"a\",\"n\":1}").add("{\"word\":\"b\",\"n\":2}", "{\"word\":\"c\",\"n\":30}");

        assertThatThrownBy(() -> streams.run(
                        into("checked", streams.of("word STRING, n BIGINT")).option("query", "words")))
                .hasStackTraceContaining("writing batch 1, 2 rows")
                .hasStackTraceContaining("table checked, query words, word = c, n = 30")
                .satisfies(failure -> assertThat(getStackTrace(failure)).doesNotContain(Postgres.PASSWORD));
        assertThat(query("SELECT \"word\" FROM \"checked\"")).containsExactly("a");

        sql("ALTER TABLE \"checked\" DROP CONSTRAINT " + constraint(dialect));
        streams.run(into("checked", streams.of("word STRING, n BIGINT")));
        assertThat(query("SELECT \"word\" FROM \"checked\" ORDER BY 1")).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void every_type_comes_back_as_it_was(Dialect dialect) throws Exception {
        use(dialect);
        streams.add("""
                {"t":"x","b":7,"s":300,"i":70000,"l":5000000000,"f":0.1,"d":1.5,"e":12345.678900,\
                "z":true,"at":"2026-11-22T10:00:00.123456Z","day":"2024-02-29"}""", "{}");

        streams.run(into(
                "typed",
                streams.of("t STRING, b TINYINT, s SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, e DECIMAL(20,6), z"
                        + " BOOLEAN, at TIMESTAMP, day DATE")));

        assertThat(query("SELECT \"t\", \"b\", \"s\", \"i\", \"l\", \"f\", \"d\", \"day\" FROM \"typed\""))
                .containsExactlyInAnyOrder(
                        "x 7 300 70000 5000000000 0.1 1.5 2024-02-29", "null null null null null null null null");
        assertThat(query("SELECT \"t\" FROM \"typed\" WHERE \"z\" AND \"e\" = 12345.6789 AND \"at\" ="
                        + " TIMESTAMP WITH TIME ZONE '2026-11-22 10:00:00.123456+00:00'"))
                .containsExactly("x");
    }

    @Test
    void a_database_that_is_away_only_delays() throws Exception {
        use(Dialect.POSTGRESQL);
        Dataset<Row> words = streams.of("word STRING");
        streams.add("{\"word\":\"a\"}");
        streams.run(into("words", words));
        try (FaultProxy proxy = FaultProxy.to(server().port())) {
            proxy.refuse();
            streams.add("{\"word\":\"b\"}");
            DataStreamWriter<Row> away = into("words", words).option("url", server().url(proxy.port()));
            CompletableFuture<Void> running = CompletableFuture.runAsync(() -> run(away));
            await().until(() -> proxy.accepted() > 2);
            assertThat(running).isNotDone();
            proxy.heal();

            await().until(running::isDone);
            running.join();
        }

        assertThat(query("SELECT \"word\" FROM \"words\" ORDER BY 1")).containsExactly("a", "b");
    }

    @Test
    void a_driver_that_slept_while_another_went_on_changes_nothing() throws Exception {
        use(Dialect.H2);
        JdbcTarget target = new JdbcTarget(url, null, null, Duration.ZERO);
        JdbcTable table =
                new JdbcTable("t", List.of(JdbcColumn.optional("word", ColumnType.TEXT)), List.of(), List.of());
        BatchWriter asleep = new BatchWriter(target);
        asleep.open("q", table);
        BatchWriter awake = new BatchWriter(target);
        awake.open("q", table);
        asleep.write("q", table, 0, List.of(row(table, "a")), false);
        awake.write("q", table, 1, List.of(row(table, "b")), false);
        awake.write("q", table, 2, List.of(row(table, "c")), false);

        asleep.write("q", table, 1, List.of(row(table, "b")), false);
        asleep.write("q", table, 2, List.of(row(table, "c")), true);

        assertThat(query("SELECT \"word\" FROM \"t\" ORDER BY 1")).containsExactly("a", "b", "c");
    }

    @Test
    void what_cannot_be_is_refused_with_what_is_expected() throws Exception {
        use(Dialect.H2);
        Dataset<Row> words = streams.of("word STRING, at TIMESTAMP");
        Dataset<Row> counts = words.groupBy("word").count();
        streams.add("{\"word\":\"a\",\"at\":\"2026-11-22T10:00:00Z\"}");
        Dataset<Row> windows = words.groupBy(window(words.col("at"), "1 hour")).count();

        assertRefused(into("t", words).option("key", "wort"), "column wort (expected: one of word, at)");
        assertRefused(
                words.writeStream().format("tidegate-jdbc").option("dbtable", "t"),
                "tidegate-jdbc, option url: nothing (expected: a value)");
        assertRefused(
                words.writeStream().format("tidegate-jdbc").option("url", "jdbc:db2://x;password=secret"),
                "tidegate-jdbc, option url: jdbc:db2://x;password=*** (expected: jdbc:h2:… or jdbc:postgresql:…)");
        assertRefused(
                into("t", words).option("retryfor", "1").option("dbtabel", "t"),
                "tidegate-jdbc, option dbtabel: unknown (expected: any of dbtable, ");
        assertRefused(into("t", counts).outputMode("update"), "does not support Update");
        assertRefused(into("t", windows).outputMode("complete"), "window.start AS start");
    }

    @Test
    void what_spark_hands_on_of_its_own_options_is_no_mistake() throws Exception {
        use(Dialect.H2);
        streams.add("{\"word\":\"a\"}");
        StreamingQuery query = into("words", streams.of("word STRING"))
                .queryName("named")
                .option("checkpointLocation", folder.resolve("named").toString())
                .start("a/path");
        try {
            query.processAllAvailable();
        } finally {
            query.stop();
        }

        assertThat(query("SELECT \"word\" FROM \"words\"")).containsExactly("a");
    }

    private void run(DataStreamWriter<Row> writer) {
        try {
            streams.run(writer);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private void assertRefused(DataStreamWriter<Row> writer, String message) {
        assertThatThrownBy(() -> streams.run(writer)).hasStackTraceContaining(message);
    }

    private DataStreamWriter<Row> into(String table, Dataset<Row> rows) {
        DataStreamWriter<Row> writer =
                rows.writeStream().format("tidegate-jdbc").option("url", url).option("dbtable", table);
        return url.startsWith("jdbc:h2:")
                ? writer
                : writer.option("user", Postgres.USER).option("password", Postgres.PASSWORD);
    }

    private void use(Dialect dialect) {
        if (dialect == Dialect.H2) {
            url = "jdbc:h2:file:" + folder.resolve("db");
        } else {
            assumeTrue(Postgres.installed().isPresent(), "PostgreSQL is not installed: nothing is tested against it");
            url = server().url();
        }
    }

    private static Postgres server() {
        if (postgres == null) {
            postgres = Postgres.start();
        }
        return postgres;
    }

    private String constraint(Dialect dialect) throws SQLException {
        String found = query(
                        "SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 'checked'"
                                + " AND constraint_type = 'CHECK'")
                .get(0);
        return dialect == Dialect.H2 ? found : '"' + found + '"';
    }

    private static io.tidegate.spark.sink.jdbc.JdbcRow row(JdbcTable table, String word) {
        return new io.tidegate.spark.sink.jdbc.JdbcRow("q", table, List.of(word));
    }

    private Connection connect() throws SQLException {
        return url.startsWith("jdbc:h2:")
                ? DriverManager.getConnection(url)
                : DriverManager.getConnection(url, Postgres.USER, Postgres.PASSWORD);
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement made = connection.createStatement()) {
            made.execute(statement);
        }
    }

    private List<String> query(String select) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(String.valueOf(row.getString(i)));
                }
                rows.add(String.join(" ", values));
            }
        }
        return rows;
    }
}
