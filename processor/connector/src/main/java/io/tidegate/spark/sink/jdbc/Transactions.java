package io.tidegate.spark.sink.jdbc;

import io.tidegate.spark.internal.Backoff;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions on connections of this JVM that outlive tasks. Each runs as often as it takes: whatever it does must
 * come to the same when it is done twice, as a connection may break behind a commit.
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
        Connection connection = borrow(target);
        try {
            work.with(connection);
            connection.commit();
            target.dialect().makeDurable(connection, target.url());
        } catch (SQLException | RuntimeException | Error e) {
            discard(connection, e);
            throw e;
        }
        giveBack(target, connection);
    }

    private static Connection borrow(JdbcTarget target) throws SQLException {
        Deque<Idle> idle = idle(target);
        synchronized (idle) {
            Idle waiting = idle.pollFirst();
            if (waiting != null) {
                return waiting.connection();
            }
        }
        return connect(target);
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

    private static void giveBack(JdbcTarget target, Connection connection) {
        long now = System.nanoTime();
        Deque<Idle> idle = idle(target);
        synchronized (idle) {
            idle.addFirst(new Idle(connection, now));
        }
        closeIdle(now);
    }

    /** The last ones of each target have waited for longest. */
    static void closeIdle(long nowNanos) {
        IDLE.forEach((target, idle) -> {
            synchronized (idle) {
                while (!idle.isEmpty() && nowNanos - idle.getLast().sinceNanos() > IDLE_NANOS) {
                    close(target, idle.removeLast().connection());
                }
            }
        });
    }

    /** How many connections to a target wait for their next use. */
    static int idleConnections(JdbcTarget target) {
        Deque<Idle> idle = idle(target);
        synchronized (idle) {
            return idle.size();
        }
    }

    private static Deque<Idle> idle(JdbcTarget target) {
        return IDLE.computeIfAbsent(target, t -> new ArrayDeque<>());
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

    static void closeAll() {
        IDLE.forEach((target, idle) -> {
            synchronized (idle) {
                while (!idle.isEmpty()) {
                    close(target, idle.removeFirst().connection());
                }
            }
        });
    }

    private static void close(JdbcTarget target, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a connection to {}", target, e);
        }
    }
}
