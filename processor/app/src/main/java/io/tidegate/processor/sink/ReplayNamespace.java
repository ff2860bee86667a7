package io.tidegate.processor.sink;

import io.tidegate.spark.sink.jdbc.JdbcTable;
import io.tidegate.spark.sink.jdbc.JdbcTarget;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Keeps the results of a replay apart from those of the live processor, in places of the same names with the replay's name
 * added.
 *
 * @param name the replay's
 */
public record ReplayNamespace(String name) {

    private static final String EMBEDDED = "jdbc:h2:";
    private static final int LONGEST_NAME = 63;

    /** Where topics begin that do not belong to a replay. */
    static final String LIVE_TOPICS = "tidegate";

    /** The topic in place of a live one that begins with {@code tidegate}. */
    public static String under(String topics, String live) {
        return topics + live.substring(LIVE_TOPICS.length());
    }

    /** Where topics begin: in place of the first level {@code tidegate}. */
    public String topics() {
        return LIVE_TOPICS + "-" + name;
    }

    /** The topic in place of a live one; a template stays one. */
    public String topic(String live) {
        return live.startsWith(LIVE_TOPICS + "/") ? under(topics(), live) : topics() + "/" + live;
    }

    /** The client id in place of a live one: the broker ends one of two clients with the same. */
    public String client(String live) {
        return live + "-" + name;
    }

    /** What tables begin with. */
    public String tables() {
        return name + "_";
    }

    /**
     * The table in place of a live one.
     *
     * @throws IllegalArgumentException when its name becomes longer than PostgreSQL takes
     */
    public String table(String live) {
        int schema = live.startsWith("\"") ? 0 : live.lastIndexOf('.') + 1;
        String table = live.substring(0, schema) + tables() + live.substring(schema);
        if (table.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "table " + table + ": a name of " + table.length() + " (expected: at most " + LONGEST_NAME + ")");
        }
        return table;
    }

    /** The folder in place of a live one. */
    public Path folder(Path live) {
        return live.resolveSibling(live.getFileName() + "-" + name);
    }

    /** The database in place of a live one: a file of H2, which only one process can open, is another file. */
    public String url(String live) {
        String file = live.split(";", 2)[0];
        boolean alone = live.startsWith(EMBEDDED)
                && !file.matches("jdbc:h2:(tcp|ssl|mem):.*")
                && !live.toUpperCase(Locale.ROOT).contains("AUTO_SERVER=TRUE");
        return alone ? file + "-" + name + live.substring(file.length()) : live;
    }

    /** The sinks in place of the live ones. */
    public Sinks sinks(Sinks live) {
        Map<String, TableSink> tables = new HashMap<>();
        live.tables().forEach((query, sink) -> tables.put(query, sink(sink)));
        MqttTarget broker = live.broker();
        return new Sinks(
                new MqttTarget(
                        broker.broker(),
                        client(broker.clientId()),
                        broker.user(),
                        broker.password(),
                        broker.maxInFlight()),
                tables,
                folder(live.files()),
                topics());
    }

    private TableSink sink(TableSink live) {
        JdbcTarget database = live.database();
        JdbcTable table = live.table().table();
        return new TableSink(
                new JdbcTarget(url(database.url()), database.user(), database.password(), database.retryFor()),
                new ResultTable(
                        live.table().query(),
                        new JdbcTable(table(table.name()), table.columns(), table.key(), table.version())));
    }
}
