package io.tidegate.spark.sink.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows from tasks, over connections per JVM and target that outlive them.
 *
 * <pre>{@code
 * stream.foreachRDD(rdd -> {
 *     JdbcTarget target = Settings.current().database();    // on the driver: not part of the checkpoint
 *     JdbcResults.makeTables(target, List.of(table));
 *     rdd.foreachPartition(rows -> JdbcResults.write(target, rows));
 * });
 * }</pre>
 *
 * <p>What is written twice is as if it was written once. Safe for any number of tasks at a time.
 */
public final class JdbcResults {

    private static final int ROWS_PER_ROUND_TRIP = 1_000;

    private JdbcResults() {}

    /**
     * Makes the tables that are missing, and looks whether those that are there have the columns. Call it on the driver,
     * before tasks write. Several may make the same tables at once.
     *
     * @throws InterruptedException when the thread is interrupted while the database is away
     * @throws IllegalStateException when the database refuses, stays away, or has such a table with other columns
     */
    public static void makeTables(JdbcTarget target, Collection<JdbcTable> tables) throws InterruptedException {
        for (JdbcTable table : tables) {
            Transactions.run(target, "table " + table.name(), connection -> {
                try (Statement statement = connection.createStatement()) {
                    target.dialect().lockTables(statement);
                    statement.execute(target.dialect().definition(table, connection));
                    requireColumns(table, statement);
                }
            });
        }
    }

    private static void requireColumns(JdbcTable table, Statement statement) throws SQLException {
        List<String> missing = new ArrayList<>(table.columnNames());
        try (ResultSet nothing = statement.executeQuery(
                "SELECT * FROM " + TableName.of(table.name()).sql() + " WHERE 1 = 0")) {
            ResultSetMetaData columns = nothing.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                missing.remove(columns.getColumnName(i));
            }
        }
        if (!missing.isEmpty()) {
            throw new SQLException("it is there and lacks the columns " + missing + " (expected: " + table.columnNames()
                    + "): name another table, or drop it");
        }
    }

    /**
     * Whether a table has no rows, or is not there.
     *
     * @throws InterruptedException when the thread is interrupted while the database is away
     * @throws IllegalStateException when the database refuses or stays away
     */
    public static boolean isEmpty(JdbcTarget target, String table) throws InterruptedException {
        AtomicBoolean rows = new AtomicBoolean();
        Transactions.run(target, "looking at table " + table, connection -> {
            TableName name = TableName.of(table);
            String schema = name.schemaOr(connection.getSchema());
            try (ResultSet tables = connection.getMetaData().getTables(null, schema, null, null)) {
                boolean there = false;
                while (tables.next() && !there) {
                    there = tables.getString("TABLE_NAME").equals(name.table());
                }
                rows.set(there && hasRows(connection, table));
            }
        });
        return !rows.get();
    }

    private static boolean hasRows(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT 1 FROM " + TableName.of(table).sql() + " LIMIT 1")) {
            return row.next();
        }
    }

    /**
     * Upserts all rows in one transaction, those of a table in their order, and returns when it is committed and durable.
     * A database that is away is tried again for as long as the target says.
     *
     * @throws InterruptedException when the task is killed while the database is away
     * @throws IllegalStateException when the database stays away, or refuses a row, which the message then names; nothing
     *     is written then
     */
    public static void write(JdbcTarget target, Collection<JdbcRow> rows) throws InterruptedException {
        if (rows.isEmpty()) {
            return;
        }
        Map<JdbcTable, List<JdbcRow>> tables = new LinkedHashMap<>();
        rows.forEach(row ->
                tables.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(row));
        Transactions.run(target, "writing " + rows.size() + " rows", connection -> {
            for (Map.Entry<JdbcTable, List<JdbcRow>> table : tables.entrySet()) {
                write(connection, target.dialect(), table.getKey(), table.getValue());
            }
        });
    }

    /** Ends this JVM's connections, for an orderly end of the process; a later call opens new ones. */
    public static void closeAll() {
        Transactions.closeAll();
    }

    /** All rows of one table, in order, within the transaction of the connection. */
    static void write(Connection connection, Dialect dialect, JdbcTable table, List<JdbcRow> rows) throws SQLException {
        String sql = dialect.write(table);
        KeyTruncation keys = KeyTruncation.of(table, dialect.indexBytes());
        List<JdbcRow> stored = rows.stream().map(keys::fitting).toList();
        try {
            inBatches(connection, sql, stored);
        } catch (SQLException e) {
            if (TransientErrors.passes(e)) {
                throw e;
            }
            connection.rollback();
            oneByOne(connection, sql, stored);
            throw e;
        }
    }

    /**
     * No round trip has two rows of one key: a driver may make one statement of it ({@code reWriteBatchedInserts}), and
     * PostgreSQL refuses a statement that meets a row twice.
     */
    private static void inBatches(Connection connection, String sql, List<JdbcRow> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Set<List<@Nullable Object>> keys = new HashSet<>();
            int waiting = 0;
            for (JdbcRow row : rows) {
                boolean again = !row.table().key().isEmpty() && !keys.add(key(row));
                if (again || waiting == ROWS_PER_ROUND_TRIP) {
                    statement.executeBatch();
                    waiting = 0;
                    keys.clear();
                    keys.add(key(row));
                }
                set(statement, row);
                statement.addBatch();
                waiting++;
            }
            if (waiting > 0) {
                statement.executeBatch();
            }
        }
    }

    private static List<@Nullable Object> key(JdbcRow row) {
        List<@Nullable Object> key = new ArrayList<>();
        for (String column : row.table().key()) {
            key.add(row.values().get(row.table().indexOf(column)));
        }
        return key;
    }

    /** Only to find out which row it is: drivers do not say so reliably. */
    private static void oneByOne(Connection connection, String sql, List<JdbcRow> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (JdbcRow row : rows) {
                set(statement, row);
                try {
                    statement.executeUpdate();
                } catch (SQLException e) {
                    throw new SQLException(
                            "table " + row.table().name() + ", " + row.label() + ": " + e.getMessage(),
                            e.getSQLState(),
                            e.getErrorCode(),
                            e);
                }
            }
        }
    }

    private static void set(PreparedStatement statement, JdbcRow row) throws SQLException {
        List<JdbcColumn> columns = row.table().columns();
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).type().set(statement, i + 1, row.values().get(i));
        }
    }
}
