package io.tidegate.spark.sink.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Batches of queries, each written once: its rows and its number are one transaction, and a batch whose number is there
 * already is not written again. So nothing is lost, doubled or half there, whenever the process ends; and a driver that slept
 * while another took over changes nothing.
 *
 * <p>The numbers are in the table {@value #TABLE} of the same database, a row per query and table: {@code query, target,
 * batch}. On the driver, one thread.
 */
final class BatchWriter {

    /** The table of what has been written. */
    static final String TABLE = "tidegate_batches";

    private static final JdbcTable WRITTEN = new JdbcTable(
            TABLE,
            List.of(
                    JdbcColumn.required("query", ColumnType.TEXT),
                    JdbcColumn.required("target", ColumnType.TEXT),
                    JdbcColumn.required("batch", ColumnType.WHOLE)),
            List.of("query", "target"),
            List.of("batch"));
    private static final String LAST =
            "SELECT \"batch\" FROM \"" + TABLE + "\" WHERE \"query\" = ? AND \"target\" = ? FOR UPDATE";
    private static final long NONE = -1;

    private final JdbcTarget target;
    private final Set<List<String>> opened = new HashSet<>();

    /** Batches into tables of a database. */
    BatchWriter(JdbcTarget target) {
        this.target = target;
    }

    JdbcTarget target() {
        return target;
    }

    /**
     * Makes what is missing in the database, the first time.
     *
     * @param query what the batches are numbered by: the id of the query, which is in its checkpoint
     * @throws IllegalStateException as {@link JdbcResults#makeTables}
     */
    void open(String query, JdbcTable table) throws InterruptedException {
        if (opened.contains(List.of(query, table.name()))) {
            return;
        }
        JdbcResults.makeTables(target, List.of(WRITTEN, table));
        // A row to lock, for the first batch as well; it gives way to any batch.
        JdbcResults.write(target, List.of(written(query, table, NONE)));
        opened.add(List.of(query, table.name()));
    }

    /**
     * Writes a batch, unless it has been.
     *
     * @param query as in {@link #open}
     * @param replace whether its rows replace all that the table has
     * @throws IllegalStateException when the database stays away, or refuses a row, which the message then names; nothing
     *     is written then
     */
    void write(String query, JdbcTable table, long batch, List<JdbcRow> rows, boolean replace)
            throws InterruptedException {
        Transactions.run(target, "writing batch " + batch + ", " + rows.size() + " rows", connection -> {
            if (last(connection, query, table) >= batch) {
                return;
            }
            if (replace) {
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate(
                            "DELETE FROM " + TableName.of(table.name()).sql());
                }
            }
            JdbcResults.write(connection, target.dialect(), table, rows);
            JdbcResults.write(connection, target.dialect(), WRITTEN, List.of(written(query, table, batch)));
        });
    }

    private static JdbcRow written(String query, JdbcTable table, long batch) {
        return new JdbcRow(query, WRITTEN, List.of(query, table.name(), batch));
    }

    private static long last(Connection connection, String query, JdbcTable table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAST)) {
            statement.setString(1, query);
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the row of query " + query + " is gone from " + TABLE
                            + ": what was written can't be told; restart the query");
                }
                return row.getLong(1);
            }
        }
    }
}
