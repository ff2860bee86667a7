package io.tidegate.simulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.simulator.json.Json;
import io.tidegate.simulator.oracle.ResultTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/** Reads the answers to a query out of its table, as the messages that say the same. */
public final class ResultTableReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Columns of objects and lists. */
    private static final Set<String> NESTED = Set.of("metrics", "top");

    private ResultTableReader() {}

    /**
     * All answers that are in the table by now.
     *
     * @param query the name of the query
     * @param by its columns of {@code by}
     * @throws SQLException when there is no such table, or the database does not answer
     */
    public static List<JsonNode> of(String query, Collection<String> by, ResultTable table) throws SQLException {
        String rows = "SELECT * FROM \"" + table.name().replace("\"", "\"\"") + "\" WHERE \"query\" = ?";
        try (Connection connection = open(table);
                PreparedStatement statement = connection.prepareStatement(rows)) {
            statement.setString(1, query);
            List<JsonNode> answers = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    answers.add(message(row, Set.copyOf(by)));
                }
            }
            return answers;
        }
    }

    private static Connection open(ResultTable table) throws SQLException {
        Properties login = new Properties();
        table.user().ifPresent(user -> login.setProperty("user", user));
        table.password().ifPresent(password -> login.setProperty("password", password));
        boolean h2 = table.url().toLowerCase(Locale.ROOT).startsWith("jdbc:h2:");
        if (!h2) {
            login.setProperty("connectTimeout", "10");
            login.setProperty("socketTimeout", "60");
        }
        // H2 would make a new database, with nothing in it, where the processor has none yet.
        return DriverManager.getConnection(h2 ? table.url() + ";IFEXISTS=TRUE" : table.url(), login);
    }

    private static JsonNode message(ResultSet row, Set<String> by) throws SQLException {
        ObjectNode message = NODES.objectNode();
        ObjectNode key = message.putObject("key");
        ResultSetMetaData columns = row.getMetaData();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            if (row.getObject(column) == null) {
                continue;
            }
            String name = columns.getColumnLabel(column);
            if (by.contains(name)) {
                key.set(name, value(row, column));
            } else if (NESTED.contains(name)) {
                message.set(name, parsed(row.getString(column)));
            } else {
                message.set(name, value(row, column));
            }
        }
        return message;
    }

    private static JsonNode value(ResultSet row, int column) throws SQLException {
        String type = row.getMetaData().getColumnTypeName(column).toLowerCase(Locale.ROOT);
        if (type.startsWith("timestamp")) {
            return NODES.textNode(
                    row.getObject(column, OffsetDateTime.class).toInstant().toString());
        }
        return switch (type) {
            case "bigint", "int8" -> NODES.numberNode(row.getLong(column));
            case "double precision", "float8" -> NODES.numberNode(row.getDouble(column));
            case "boolean", "bool" -> NODES.booleanNode(row.getBoolean(column));
            default -> NODES.textNode(row.getString(column));
        };
    }

    private static JsonNode parsed(String text) throws SQLException {
        JsonNode json = Json.read(text);
        if (json.isMissingNode()) {
            throw new SQLException("no JSON: " + text);
        }
        return json;
    }
}
