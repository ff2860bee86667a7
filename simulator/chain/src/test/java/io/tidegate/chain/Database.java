package io.tidegate.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.Postgres;
import io.tidegate.simulator.oracle.ResultTable;
import io.tidegate.simulator.verify.ResultTableReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A database for results: PostgreSQL where it is installed, else an H2 file, which lives and dies with the processor.
 *
 * @param url for the test itself
 */
record Database(String url, Optional<Server> server) implements AutoCloseable {

    private static final Set<String> NO_SUCH_TABLE = Set.of("42P01", "42S02", "42S04");
    private static final List<String> ID = List.of("id");

    /**
     * PostgreSQL, and what can be done to it.
     *
     * @param link between processor and database
     */
    record Server(Postgres postgres, FaultProxy link) implements AutoCloseable {

        @Override
        public void close() {
            link.close();
            postgres.close();
        }
    }

    /** A new one with nothing in it. */
    static Database start(Path folder) {
        if (Postgres.installed().isPresent()) {
            Postgres postgres = Postgres.start();
            return new Database(postgres.url(), Optional.of(new Server(postgres, FaultProxy.to(postgres.port()))));
        }
        System.out.println("PostgreSQL is not installed: results go to H2, and no database is killed");
        return new Database("jdbc:h2:file:" + folder.resolve("db") + ";AUTO_SERVER=TRUE", Optional.empty());
    }

    /** What the processor has to be told. */
    List<String> settings() {
        return server.map(there -> List.of(
                        "-Dtidegate.processor.jdbc.url=jdbc:postgresql://127.0.0.1:"
                                + there.link().port() + "/" + Postgres.DATABASE,
                        "-Dtidegate.processor.jdbc.user=" + Postgres.USER,
                        "-Dtidegate.processor.jdbc.password=" + Postgres.PASSWORD))
                .orElse(List.of("-Dtidegate.processor.jdbc.url=" + url, "-Dh2.bindAddress=127.0.0.1"));
    }

    /** What a query has answered in its table, as the messages that say the same. */
    List<JsonNode> answers(String query, String... by) throws SQLException {
        ResultTable table = new ResultTable(
                url, server.map(there -> Postgres.USER), server.map(there -> Postgres.PASSWORD), query, ID);
        return ResultTableReader.of(query, List.of(by), table);
    }

    /** How many rows there are; none while there is no table. */
    long count(String table) throws SQLException {
        try {
            return Long.parseLong(
                    query("SELECT count(*) FROM \"" + table + "\"").get(0));
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.contains(e.getSQLState())) {
                return 0;
            }
            throw e;
        }
    }

    /** All rows, the values of each with a blank between them. */
    List<String> query(String select) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(row.getString(i));
                }
                rows.add(String.join(" ", values));
            }
        }
        return rows;
    }

    /** A connection of its own, past the link. */
    Connection connect() throws SQLException {
        return server.isPresent()
                ? DriverManager.getConnection(url, Postgres.USER, Postgres.PASSWORD)
                : DriverManager.getConnection(url);
    }

    @Override
    public void close() {
        server.ifPresent(Server::close);
    }
}
