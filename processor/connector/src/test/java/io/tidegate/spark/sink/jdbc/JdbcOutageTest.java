package io.tidegate.spark.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.Postgres;
import io.tidegate.harness.Program;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that goes away and comes back, or does not; and a process that ends right after it has written. */
class JdbcOutageTest {

    private static final JdbcTable TABLE = new JdbcTable(
            "t",
            List.of(JdbcColumn.required("id", ColumnType.TEXT), JdbcColumn.required("batch", ColumnType.WHOLE)),
            List.of("id"),
            List.of("batch"));

    private static @Nullable Postgres postgres;

    @TempDir
    Path folder;

    @AfterEach
    void disconnect() throws SQLException {
        JdbcResults.closeAll();
        if (postgres != null) {
            try (Connection connection = DriverManager.getConnection(postgres.url(), Postgres.USER, Postgres.PASSWORD);
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE IF EXISTS t");
            }
        }
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    private static Postgres server() {
        assumeTrue(Postgres.installed().isPresent(), "PostgreSQL is not installed: nothing is tested against it");
        if (postgres == null) {
            postgres = Postgres.start();
        }
        return postgres;
    }

    @Test
    void a_server_that_restarts_only_delays() throws Exception {
        onlyDelays(Postgres::stop);
    }

    @Test
    void a_server_that_is_killed_with_all_its_processes_only_delays() throws Exception {
        onlyDelays(Postgres::kill);
    }

    private static void onlyDelays(Consumer<Postgres> end) throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server().port())) {
            JdbcTarget target = target(server().url(proxy.port()), Duration.ofSeconds(60));
            JdbcResults.makeTables(target, List.of(TABLE));
            JdbcResults.write(target, rows(1, "a"));

            end.accept(server());
            int before = proxy.accepted();
            CompletableFuture<Void> writing = write(target, rows(2, "a", "b"));
            await().until(() -> proxy.accepted() >= before + 2);
            assertThat(writing).isNotDone();
            server().resume();

            await().until(writing::isDone);
            writing.join();
            assertThat(stored(target)).containsExactly("a 2", "b 2");
        }
    }

    @Test
    void a_connection_that_breaks_anywhere_in_a_batch_changes_nothing_in_the_end() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server().port())) {
            JdbcTarget target = target(server().url(proxy.port()), Duration.ofSeconds(60));
            JdbcTarget direct = target(server().url(), Duration.ZERO);
            JdbcResults.makeTables(target, List.of(TABLE));
            for (int batch = 1; batch <= 16; batch++) {
                // From the handshake through the rows to the answer of the commit.
                FaultProxy.Direction direction =
                        batch % 2 == 0 ? FaultProxy.Direction.TO_TARGET : FaultProxy.Direction.TO_CLIENT;
                int before = proxy.accepted();
                proxy.cutAfter(direction, 90L * batch);
                CompletableFuture<Void> writing = write(target, rows(batch, "a", "b", "c"));
                await().until(() -> writing.isDone() || proxy.accepted() >= before + 2);
                proxy.heal();
                await().until(writing::isDone);
                writing.join();
                assertThat(stored(direct)).containsExactly("a " + batch, "b " + batch, "c " + batch);
            }
            assertThat(proxy.accepted()).isGreaterThan(16);
        }
    }

    @Test
    void a_server_that_stays_away_fails_the_call_without_a_secret() {
        JdbcTarget target = new JdbcTarget(
                "jdbc:postgresql://127.0.0.1:" + FreePort.next() + "/db?password=hunter2",
                "u",
                "swordfish",
                Duration.ofMillis(300));

        assertThatThrownBy(() -> JdbcResults.write(target, rows(1, "a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("writing 1 rows")
                .hasMessageMatching("(?s).*tried for \\d+ s.*")
                .message()
                .doesNotContain("hunter2")
                .doesNotContain("swordfish");
        assertThat(target.toString()).doesNotContain("hunter2").doesNotContain("swordfish");
        assertThat(new JdbcTarget("jdbc:postgresql://u:hunter2@h/db", null, null, Duration.ZERO).toString())
                .isEqualTo("jdbc:postgresql://***@h/db");
        assertThat(new JdbcTarget("jdbc:h2:./x;PASSWORD=hunter2;IFEXISTS=TRUE", null, null, Duration.ZERO).toString())
                .isEqualTo("jdbc:h2:./x;PASSWORD=***;IFEXISTS=TRUE");
    }

    @Test
    void a_wrong_password_is_not_tried_again() {
        JdbcTarget target = new JdbcTarget(server().url(), Postgres.USER, "wrong", Duration.ofMinutes(10));

        assertThatThrownBy(() -> JdbcResults.write(target, rows(1, "a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("password authentication failed")
                .message()
                .doesNotContain("tried for");
    }

    @Test
    void a_task_that_is_killed_does_not_wait_for_a_database() throws Exception {
        JdbcTarget target = target("jdbc:postgresql://127.0.0.1:" + FreePort.next() + "/db", Duration.ofMinutes(10));
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread task = new Thread(() -> {
            try {
                JdbcResults.write(target, rows(1, "a"));
            } catch (InterruptedException | RuntimeException e) {
                ended.complete(e);
            }
        });

        task.start();
        task.interrupt();

        await().until(ended::isDone);
        assertThat(ended.join()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void what_passes_is_told_from_what_does_not() {
        assertThat(TransientErrors.passes(new SQLException("x", "08006"))).isTrue();
        assertThat(TransientErrors.passes(new SQLException("x", "57P01"))).isTrue();
        assertThat(TransientErrors.passes(new SQLException("x", "40P01"))).isTrue();
        assertThat(TransientErrors.passes(new SQLException("x", "42601", new SQLException("y", "08001"))))
                .isTrue();
        assertThat(TransientErrors.passes(new SQLTransientConnectionException("x")))
                .isTrue();
        assertThat(TransientErrors.passes(new SQLException("x", "90020", 90_020)))
                .isTrue();
        assertThat(TransientErrors.passes(new SQLException("x", "23505"))).isFalse();
        assertThat(TransientErrors.passes(new SQLException("x", "28P01"))).isFalse();
        assertThat(TransientErrors.passes(new SQLException("x"))).isFalse();
        SQLException batch = new SQLException("batch", "23505");
        batch.setNextException(new SQLException("connection", "08006"));
        assertThat(TransientErrors.passes(batch)).isTrue();
    }

    @Test
    void a_database_that_is_not_supported_is_refused() {
        assertThatThrownBy(() -> new JdbcTarget("jdbc:mysql://u:hunter2@h/db", null, null, Duration.ZERO))
                .hasMessageContaining("jdbc:mysql://***@h/db (expected: jdbc:h2:… or jdbc:postgresql:…)");
        assertThat(JdbcTarget.isSupported("JDBC:H2:mem:x")).isTrue();
        assertThat(JdbcTarget.isSupported("jdbc:h3:mem:x")).isFalse();
    }

    /** H2 writes half a second after a commit, unless it is told otherwise. */
    @Test
    void what_was_written_survives_a_process_that_ends_at_once() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("db") + ";DATABASE_TO_LOWER=TRUE";
        try (Program writer = Program.java(folder, "writer", WriteAndHalt.class, url)) {
            assertThat(writer.await(60)).as(writer.output()).isEqualTo(42);
        }

        assertThat(stored(new JdbcTarget(url, null, null, Duration.ZERO))).containsExactly("a 1", "b 1");
    }

    /** Ends as kill -9 would end it: no hook runs, nothing is flushed. */
    static final class WriteAndHalt {
        public static void main(String[] arguments) throws InterruptedException {
            JdbcTarget target = new JdbcTarget(arguments[0], null, null, Duration.ZERO);
            JdbcResults.makeTables(target, List.of(TABLE));
            JdbcResults.write(target, rows(1, "a", "b"));
            Runtime.getRuntime().halt(42);
        }
    }

    private static JdbcTarget target(String url, Duration retryFor) {
        return new JdbcTarget(url, Postgres.USER, Postgres.PASSWORD, retryFor);
    }

    private static CompletableFuture<Void> write(JdbcTarget target, List<JdbcRow> rows) {
        return CompletableFuture.runAsync(() -> {
            try {
                JdbcResults.write(target, rows);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static List<JdbcRow> rows(long batch, String... ids) {
        return Arrays.stream(ids)
                .map(id -> new JdbcRow("test", TABLE, List.of(id, batch)))
                .toList();
    }

    private static List<String> stored(JdbcTarget target) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(
                        target.url(),
                        target.user() == null ? "" : target.user(),
                        target.password() == null ? "" : target.password());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT id, batch FROM t ORDER BY id")) {
            while (result.next()) {
                rows.add(result.getString(1) + " " + result.getLong(2));
            }
        }
        return rows;
    }
}
