package io.tidegate.spark.sink.jdbc;

import io.tidegate.spark.internal.Backoff;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions on connections of this JVM that outlive tasks. A transaction is tried again when a connection breaks, also
 * behind its commit, so it must come to the same when it runs twice.
 */
final class Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final Map<JdbcTarget, Deque<Idle>> IDLE = new ConcurrentHashMap<>();

    /** A connection that nobody has used for so long is closed, when another one is given back. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private Transactions() {}

    /** A connection that waits for its next use, and since when. */
    private record Idle(Connection connection, long sinceNanos) {}

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work {
        /** Does it, without committing. */
        void with(Connection connection) throws SQLException;
    }

    /**
     * Runs and commits.
     *
     * @param what for people, when it takes long
     * @throws IllegalStateException when the database refuses, or is away for longer than the target allows
     */
    static void run(JdbcTarget target, String what, Work work) throws InterruptedException {
        long begun = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            try {
                once(target, work);
                return;
            } catch (SQLException e) {
                if (!TransientErrors.passes(e)) {
                    throw new IllegalStateException(what + " at " + target + ": " + e.getMessage(), e);
                }
                Duration passed = Duration.ofNanos(System.nanoTime() - begun);
                if (passed.compareTo(target.retryFor()) >= 0) {
                    throw new IllegalStateException(
                            what + " at " + target + ": tried for " + passed.toSeconds() + " s: " + e.getMessage(), e);
                }
                if (attempt == 0) {
                    LOG.warn("{} at {}: {} (it is tried again)", what, target, e.getMessage());
                }
                Thread.sleep(Backoff.pauseMs(attempt));
            }
        }
    }

    private static void once(JdbcTarget target, Work work) throws SQLException {
        Deque<Idle> idle = IDLE.computeIfAbsent(target, t -> new ConcurrentLinkedDeque<>());
        Idle waiting = idle.pollFirst();
        Connection connection = waiting == null ? connect(target) : waiting.connection();
        try {
            work.with(connection);
            connection.commit();
            target.dialect().makeDurable(connection, target.url());
        } catch (SQLException | RuntimeException | Error e) {
            discard(connection, e);
            throw e;
        }
        long now = System.nanoTime();
        idle.addFirst(new Idle(connection, now));
        closeIdle(now);
    }

    private static Connection connect(JdbcTarget target) throws SQLException {
        Properties properties = target.dialect().properties();
        if (target.user() != null) {
            properties.setProperty("user", target.user());
        }
        if (target.password() != null) {
            properties.setProperty("password", target.password());
        }
        @Nullable Connection connection = target.dialect().driver().connect(target.url(), properties);
        if (connection == null) {
            throw new SQLException("a URL that its driver does not take: " + target);
        }
        connection.setAutoCommit(false);
        return connection;
    }

    /** Ends connections that nobody has used for a minute. */
    static void closeIdle(long nowNanos) {
        close(one -> nowNanos - one.sinceNanos() > IDLE_NANOS);
    }

    /** Ends all connections that nobody uses. */
    static void closeAll() {
        close(one -> true);
    }

    private static void close(Predicate<Idle> which) {
        IDLE.forEach((target, idle) -> idle.forEach(one -> {
            if (which.test(one) && idle.remove(one)) { // else another thread has just taken it
                close(target, one.connection());
            }
        }));
    }

    /** Without a commit, closing rolls back. */
    private static void discard(Connection connection, Throwable why) {
        try {
            connection.rollback();
            connection.close();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    private static void close(JdbcTarget target, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a connection to {}", target, e);
        }
    }
}
