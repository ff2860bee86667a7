package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Postgres;
import io.tidegate.harness.Program;
import io.tidegate.harness.RecordingPublisher;
import io.tidegate.harness.SentReading;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/**
 * The processor is killed with a batch that the database has and Spark's checkpoint does not say so (Q1 of the fault
 * catalogue). PostgreSQL holds the commit itself, in a deferred trigger that waits for a lock; the processor, which waits for
 * the answer, is killed, and then the commit goes through. Spark runs such a batch again, and every row is there once.
 */
final class KillBeforeCommitTest {

    private static final int KILLS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LOCK = 5_171;
    private static final String NEWEST = "SELECT coalesce(max(\"batch\"), -1) FROM \"tidegate_batches\"";
    private static final String HELD =
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = " + LOCK + " AND NOT granted";

    /** Who has the lock decides when a batch is committed; who waits for it has written everything. */
    private static final List<String> HOOK = List.of(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN PERFORM pg_advisory_xact_lock_shared(" + LOCK + "); RETURN NULL; END $$",
            "CREATE CONSTRAINT TRIGGER hold AFTER INSERT OR UPDATE ON \"tidegate_batches\""
                    + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold()");

    private static final String QUERIES = """
                { name = rows, kind = sql, trigger = 100ms, max-events = 100, to = [jdbc]
                  sql = "SELECT key_group, offset, device, value FROM readings" }
            """;

    @TempDir
    private Path folder;

    @SlowTest(seconds = 50)
    void a_batch_that_is_in_the_database_and_not_in_the_checkpoint_is_written_once() throws Exception {
        assumeTrue(Postgres.installed().isPresent(), "PostgreSQL is not installed: nothing is tested against it");
        try (Chain chain = new Chain(folder);
                Postgres database = Postgres.start();
                Connection connection = DriverManager.getConnection(database.url(), Postgres.USER, Postgres.PASSWORD)) {
            String[] settings = {
                "-Dtidegate.processor.jdbc.url=" + database.url(),
                "-Dtidegate.processor.jdbc.user=" + Postgres.USER,
                "-Dtidegate.processor.jdbc.password=" + Postgres.PASSWORD
            };
            chain.startBroker();
            chain.startGateway();
            chain.awaitGateway();
            Program processor = chain.startProcessor(QUERIES, settings);
            try (RecordingPublisher publisher = RecordingPublisher.start(
                    chain.brokerPort(),
                    new RecordingPublisher.Plan("p", 6, 300, Duration.ZERO),
                    Seed.of("kill-before-commit"))) {
                await().atMost(PATIENCE).until(() -> newest(connection) >= 0);
                for (String statement : HOOK) {
                    execute(connection, statement);
                }
                for (int kill = 1; kill <= KILLS; kill++) {
                    long batch = killBetween(connection, processor);
                    processor = chain.startProcessor(QUERIES, settings);
                    await().atMost(PATIENCE).until(() -> newest(connection) > batch);
                }
                publisher.finish();
                await().until(publisher::isDrained);
                chain.awaitLogged(publisher.sent().size());
            }
            Map<String, Long> sent = GatewayLog.events(chain.pullPort()).stream()
                    .map(GatewayLog::sent)
                    .collect(Collectors.groupingBy(SentReading::device, TreeMap::new, Collectors.counting()));
            long all = sent.values().stream().mapToLong(Long::longValue).sum();

            await().atMost(PATIENCE).until(() -> number(connection, "SELECT count(*) FROM \"rows\"") >= all);
            assertThat(processor.stop()).as(processor.output()).isZero();
            assertThat(number(connection, "SELECT count(*) FROM \"rows\"")).isEqualTo(all);
            assertThat(number(connection, "SELECT count(DISTINCT (\"key_group\", \"offset\")) FROM \"rows\""))
                    .isEqualTo(all);
            assertThat(byDevice(connection)).isEqualTo(sent);
        }
    }

    /** Kills it between the two commits of a batch. @return the batch */
    private long killBetween(Connection connection, Program processor) throws SQLException {
        execute(connection, "SELECT pg_advisory_lock(" + LOCK + ")");
        await().atMost(PATIENCE).until(() -> number(connection, HELD) > 0);
        long before = newest(connection);
        processor.kill();
        execute(connection, "SELECT pg_advisory_unlock(" + LOCK + ")");
        await().until(() -> newest(connection) > before);
        long batch = newest(connection);
        assertThat(isCommitted(batch)).as("Spark knows of batch " + batch).isFalse();
        return batch;
    }

    /** Whether Spark's checkpoint says that the batch is done. */
    private boolean isCommitted(long batch) {
        return Files.exists(folder.resolve("data/processor/sql/rows/commits/" + batch));
    }

    /** The batch that the database has; -1: none. */
    private static long newest(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM pg_tables WHERE tablename = 'tidegate_batches'") == 0
                ? -1
                : number(connection, NEWEST);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String select) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Map<String, Long> byDevice(Connection connection) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT \"device\", count(*) FROM \"rows\" GROUP BY 1")) {
            while (row.next()) {
                rows.put(row.getString(1), row.getLong(2));
            }
        }
        return rows;
    }
}
