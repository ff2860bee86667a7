package io.tidegate.spark.sink.jdbc;

import static io.tidegate.spark.sink.jdbc.JdbcColumn.optional;
import static io.tidegate.spark.sink.jdbc.JdbcColumn.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every database must do, against a real H2 and a real PostgreSQL, where there is one. */
class JdbcResultsTest {

    private static final TimeZone ZONE = TimeZone.getDefault();
    private static @Nullable Postgres postgres;

    private static final JdbcTable TABLE = table("results", List.of("id"));

    @TempDir
    Path folder;

    private JdbcTarget target = new JdbcTarget("jdbc:h2:mem:none", null, null, Duration.ZERO);

    @AfterEach
    void disconnect() throws SQLException {
        TimeZone.setDefault(ZONE);
        JdbcResults.closeAll();
        if (target.dialect() == Dialect.POSTGRESQL && postgres != null) {
            sql("DROP SCHEMA public CASCADE");
            sql("CREATE SCHEMA public");
        }
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_table_is_made_once_and_a_row_comes_back_as_it_was_written(Dialect dialect) throws Exception {
        use(dialect);
        JdbcTable all = new JdbcTable(
                "every-type \"quoted\"",
                List.of(
                        required("id", ColumnType.TEXT),
                        required("rev", ColumnType.WHOLE),
                        required("batch", ColumnType.WHOLE),
                        optional("end", ColumnType.TIME),
                        optional("a \"b\" - c", ColumnType.NUMBER),
                        optional("select", ColumnType.TRUTH),
                        optional("Day", ColumnType.DATE),
                        optional("top", ColumnType.JSON)),
                List.of("id"),
                List.of("batch", "rev"));
        Instant time = Instant.parse("2015-05-17T10:05:43.125Z");
        String json = "[\"" + "ü\uD83C\uDF0A".repeat(400_000) + "\"]";

        JdbcResults.makeTables(target, List.of(all));
        JdbcResults.makeTables(target, List.of(all));
        JdbcResults.write(
                target,
                List.of(
                        row(all, "q/1", 1L, 5L, time, 0.1, true, LocalDate.of(2015, 5, 17), json),
                        row(all, "q'\0\"2", Long.MAX_VALUE, 5L, null, null, null, null, null)));

        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT * FROM " + Dialect.quoted(all.name()) + " ORDER BY " + Dialect.quoted("rev"))) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("q/1");
            assertThat(rows.getObject(4, OffsetDateTime.class).toInstant()).isEqualTo(time);
            assertThat(rows.getDouble(5)).isEqualTo(0.1);
            assertThat(rows.getBoolean(6)).isTrue();
            assertThat(rows.getObject(7, LocalDate.class)).isEqualTo(LocalDate.of(2015, 5, 17));
            assertThat(rows.getString(8)).isEqualTo(json);
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("q'\uFFFD\"2");
            assertThat(rows.getLong(2)).isEqualTo(Long.MAX_VALUE);
            for (int column = 4; column <= 8; column++) {
                assertThat(rows.getObject(column)).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_newer_version_replaces_a_row_and_an_older_one_does_not(Dialect dialect) throws Exception {
        use(dialect);
        JdbcResults.makeTables(target, List.of(TABLE));

        JdbcResults.write(target, List.of(result("a", 1, 1000, "first"), result("b", 1, 1000, "b")));
        JdbcResults.write(target, List.of(result("a", 2, 2000, "second")));
        assertThat(results()).containsExactly("a 2 2000 second", "b 1 1000 b");

        JdbcResults.write(target, List.of(result("a", 1, 1000, "old batch")));
        JdbcResults.write(target, List.of(result("a", 1, 2000, "old revision")));
        assertThat(results()).containsExactly("a 2 2000 second", "b 1 1000 b");

        // After --fresh revisions begin again, at a later batch.
        JdbcResults.write(target, List.of(result("a", 1, 9000, "new state")));
        assertThat(results()).containsExactly("a 1 9000 new state", "b 1 1000 b");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_batch_that_is_written_again_changes_nothing(Dialect dialect) throws Exception {
        use(dialect);
        JdbcResults.makeTables(target, List.of(TABLE));
        List<JdbcRow> batch = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            batch.add(result(String.format(Locale.ROOT, "k%04d", i), i % 7 + 1, 1000, "v" + i));
        }

        JdbcResults.write(target, batch);
        List<String> before = results();
        JdbcResults.closeAll();
        JdbcResults.write(target, batch);

        assertThat(results()).hasSize(2_500).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void rows_of_a_key_replace_each_other_in_their_order_and_nulls_are_a_key(Dialect dialect) throws Exception {
        use(dialect);
        JdbcTable latest = new JdbcTable(
                "latest",
                List.of(
                        required("id", ColumnType.TEXT),
                        required("batch", ColumnType.WHOLE),
                        optional("host", ColumnType.TEXT),
                        optional("status", ColumnType.WHOLE)),
                List.of("host", "status"),
                List.of("batch"));
        JdbcResults.makeTables(target, List.of(latest));

        JdbcResults.write(
                target,
                List.of(
                        row(latest, "closed", 5L, "h", 200L),
                        row(latest, "opened", 5L, "h", 200L),
                        row(latest, "x", 5L, null, 404L),
                        row(latest, "y", 5L, null, null)));
        JdbcResults.write(target, List.of(row(latest, "x2", 6L, null, 404L), row(latest, "y0", 4L, null, null)));

        assertThat(strings("SELECT id, host, status FROM latest ORDER BY id"))
                .containsExactly("opened h 200", "x2 null 404", "y null null");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_row_that_is_refused_is_named_and_nothing_is_written(Dialect dialect) throws Exception {
        use(dialect);
        JdbcResults.makeTables(target, List.of(TABLE));
        sql("ALTER TABLE results ADD CONSTRAINT no_evil CHECK (text <> 'evil')");
        List<JdbcRow> rows =
                List.of(result("a", 1, 1000, "good"), result("b", 3, 1000, "evil"), result("c", 1, 1000, "good"));

        assertThatThrownBy(() -> JdbcResults.write(target, rows))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("table results, query test, id = b, batch = 1000, rev = 3")
                .message()
                .containsIgnoringCase("no_evil")
                .doesNotContain(Postgres.PASSWORD);
        assertThat(results()).isEmpty();

        JdbcResults.write(target, List.of(result("d", 1, 1000, "good")));
        assertThat(results()).containsExactly("d 1 1000 good");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_table_of_another_shape_is_refused(Dialect dialect) throws Exception {
        use(dialect);
        sql("CREATE TABLE results (id VARCHAR PRIMARY KEY, rev BIGINT, note VARCHAR)");

        assertThatThrownBy(() -> JdbcResults.makeTables(target, List.of(TABLE)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("table results")
                .hasMessageContaining("lacks the columns [batch, text]");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void tasks_that_write_at_the_same_time_do_not_disturb_each_other(Dialect dialect) throws Exception {
        use(dialect);
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        List<Future<?>> running = new ArrayList<>();
        for (int task = 0; task < 4; task++) {
            int own = task;
            running.add(tasks.submit(() -> {
                JdbcResults.makeTables(target, List.of(TABLE));
                for (long batch = 1; batch <= 10; batch++) {
                    List<JdbcRow> rows = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        rows.add(result("t" + own + "-" + i, batch, batch, "v"));
                    }
                    JdbcResults.write(target, rows);
                }
                return null;
            }));
        }
        for (Future<?> task : running) {
            task.get(60, TimeUnit.SECONDS);
        }
        tasks.shutdown();

        assertThat(results()).hasSize(80).allMatch(text -> text.endsWith(" 10 10 v"));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_table_may_be_in_a_schema_of_its_own(Dialect dialect) throws Exception {
        use(dialect);
        sql("CREATE SCHEMA analytics");
        JdbcTable actions = table("analytics.actions", List.of("id"));
        JdbcResults.makeTables(target, List.of(actions));
        assertThat(JdbcResults.isEmpty(target, "analytics.actions")).isTrue();

        JdbcResults.write(target, List.of(new JdbcRow("q", actions, List.of("a", 1L, 1L, "first"))));
        JdbcResults.write(target, List.of(new JdbcRow("q", actions, List.of("a", 2L, 2L, "second"))));

        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM analytics.actions")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(4)).isEqualTo("second");
            assertThat(rows.next()).isFalse();
        }
        assertThat(JdbcResults.isEmpty(target, "analytics.actions")).isFalse();
        sql("DROP SCHEMA analytics CASCADE");
    }

    @Test
    void a_batch_with_two_rows_of_one_key_is_written_also_when_the_driver_makes_one_statement_of_it() throws Exception {
        use(Dialect.POSTGRESQL);
        String url = target.url() + (target.url().contains("?") ? "&" : "?") + "reWriteBatchedInserts=true";
        JdbcTarget rewriting = new JdbcTarget(url, target.user(), target.password(), target.retryFor());
        JdbcResults.makeTables(rewriting, List.of(TABLE));

        JdbcResults.write(
                rewriting, List.of(result("a", 1, 1000, "a1"), result("b", 1, 1000, "b1"), result("a", 2, 1000, "a2")));

        assertThat(results()).containsExactly("a 2 1000 a2", "b 1 1000 b1");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_connection_is_used_again_and_closed_when_nobody_has_used_it_for_a_minute(Dialect dialect) throws Exception {
        use(dialect);
        JdbcResults.makeTables(target, List.of(TABLE));
        JdbcResults.write(target, List.of(result("a", 1, 1000, "v")));
        assertThat(sessions(dialect)).containsExactly("1");

        Transactions.closeIdle(System.nanoTime() + TimeUnit.SECONDS.toNanos(61));

        await().untilAsserted(() -> assertThat(sessions(dialect)).containsExactly("0"));
        JdbcResults.write(target, List.of(result("a", 2, 2000, "w")));
        assertThat(results()).containsExactly("a 2 2000 w");
    }

    /** How many connections to the database there are, the one that asks left out. */
    private List<String> sessions(Dialect dialect) throws SQLException {
        return strings(
                dialect == Dialect.H2
                        ? "SELECT count(*) - 1 FROM information_schema.sessions"
                        : "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidegate'");
    }

    private void use(Dialect dialect) {
        // The zone of the machine must not show.
        TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
        if (dialect == Dialect.H2) {
            target = new JdbcTarget(
                    "jdbc:h2:file:" + folder.resolve("db") + ";DATABASE_TO_LOWER=TRUE",
                    null,
                    null,
                    Duration.ofSeconds(60));
            return;
        }
        assumeTrue(Postgres.installed().isPresent(), "PostgreSQL is not installed: nothing is tested against it");
        if (postgres == null) {
            postgres = Postgres.start();
        }
        target = new JdbcTarget(postgres.url(), Postgres.USER, Postgres.PASSWORD, Duration.ofSeconds(60));
    }

    private static JdbcTable table(String name, List<String> key) {
        return new JdbcTable(
                name,
                List.of(
                        required("id", ColumnType.TEXT),
                        required("rev", ColumnType.WHOLE),
                        required("batch", ColumnType.WHOLE),
                        optional("text", ColumnType.TEXT)),
                key,
                List.of("batch", "rev"));
    }

    private static JdbcRow result(String id, long rev, long batch, String text) {
        return row(TABLE, id, rev, batch, text);
    }

    private static JdbcRow row(JdbcTable table, @Nullable Object... values) {
        return new JdbcRow("test", table, Arrays.asList(values));
    }

    private List<String> results() throws SQLException {
        return strings("SELECT id, rev, batch, text FROM results ORDER BY id");
    }

    private List<String> strings(String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getObject(i)));
                }
                rows.add(String.join(" ", row));
            }
        }
        return rows;
    }

    private void sql(String text) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                target.url(),
                Optional.ofNullable(target.user()).orElse(""),
                Optional.ofNullable(target.password()).orElse(""));
    }
}
