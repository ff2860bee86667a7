package io.tidegate.simulator.oracle;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the queries of a {@code processor.conf}; whether they are right is for the processor to say. */
public final class QueryFile {
    private static final String ROOT = "tidegate.processor";
    private static final Set<String> READINGS = Set.of("device", "metric", "value", "unit", "seq");
    private static final Set<String> REQUESTS =
            Set.of("client", "host", "method", "path", "protocol", "status", "bytes", "agent");
    private static final Set<String> KINDS = Set.of("sessions", "totals", "window", "top", "counts", "anomaly");

    private static final String DATABASE = "jdbc:h2:file:./data/results;DATABASE_TO_LOWER=TRUE";

    private final Config config;
    private final Config jdbc;

    private QueryFile(Config config, Config jdbc) {
        this.config = config;
        this.jdbc = jdbc;
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException when it is no HOCON or has no queries
     */
    public static QueryFile read(Path file) {
        return read(file, System.getenv(), System.getProperties());
    }

    /** The same; of the settings of the database, properties win over the environment, and the environment over the file. */
    static QueryFile read(Path file, Map<String, String> environment, Properties properties) {
        Config config = ConfigFactory.parseFile(file.toFile()).resolve().getConfig(ROOT);
        Config jdbc = config.hasPath("jdbc") ? config.getConfig("jdbc") : ConfigFactory.empty();
        for (String key : List.of("url", "user", "password", "table", "key")) {
            String variable = "TIDEGATE_PROCESSOR_JDBC_" + key.toUpperCase(Locale.ROOT);
            String override = properties.getProperty(ROOT + ".jdbc." + key, environment.get(variable));
            if (override != null) {
                jdbc = jdbc.withValue(key, ConfigValueFactory.fromAnyRef(override));
            }
        }
        return new QueryFile(config, jdbc);
    }

    /** Whether the database of those queries that name none is H2 within the processor, relative to where it runs. */
    public boolean hasEmbeddedDatabase() {
        String place = text(jdbc, "url", DATABASE).toLowerCase(Locale.ROOT);
        return place.startsWith("jdbc:h2:") && !place.startsWith("jdbc:h2:tcp:") && !place.startsWith("jdbc:h2:ssl:");
    }

    /** The same queries; those that name no database of their own are in this one. */
    public QueryFile withDatabase(String url) {
        return new QueryFile(config, jdbc.withValue("url", ConfigValueFactory.fromAnyRef(url)));
    }

    /** A setting of the processor, when the file has it. */
    public Optional<String> setting(String key) {
        return optional(config, key);
    }

    /** All queries, in their order. */
    public List<Query> queries() {
        return config.getConfigList("queries").stream().map(this::query).toList();
    }

    private Query query(Config query) {
        String kind = query.getString("kind");
        String from = text(query, "from", "");
        Set<String> columns = from.equals("readings") ? READINGS : REQUESTS;
        List<String> by = query.hasPath("by") ? query.getStringList("by") : List.of();
        String value = text(query, "value", from.equals("readings") ? "value" : "bytes");
        Optional<WhereClause> where = WhereClause.parse(text(query, "where", ""), columns);
        return new Query(
                query.getString("name"),
                kind,
                from,
                where,
                by,
                value,
                ms(query, "gap", 0),
                ms(query, "allowed-lateness", 60_000),
                ms(query, "window", 0),
                query.hasPath("compute") ? Set.copyOf(query.getStringList("compute")) : Set.of("count"),
                to(query).contains("mqtt"),
                to(query).contains("jdbc") ? Optional.of(table(query)) : Optional.empty(),
                notJudged(query, columns, where, by, value));
    }

    private static Optional<String> notJudged(
            Config query, Set<String> columns, Optional<WhereClause> where, List<String> by, String value) {
        if (!KINDS.contains(query.getString("kind"))) {
            return Optional.of("the oracle does not know the kind " + query.getString("kind"));
        }
        if (where.isEmpty()) {
            return Optional.of("where: only comparisons of a column with a text or a number, joined by AND");
        }
        if (!columns.containsAll(by)) {
            return Optional.of("by: only the columns "
                    + String.join(", ", columns.stream().sorted().toList()));
        }
        if (!columns.contains(value)) {
            return Optional.of("value: only a column");
        }
        if (!to(query).contains("mqtt") && !to(query).contains("jdbc")) {
            return Optional.of("to: it answers elsewhere than on topics and in tables");
        }
        if (query.getString("kind").equals("anomaly")) {
            return anomalyNotJudged(text(query, "from", ""), where.get(), by, value);
        }
        long window = ms(query, "window", 0);
        long slide = ms(query, "slide", 0);
        return slide > 0 && window % slide != 0
                ? Optional.of("the window is no multiple of the slide: no windows lie end to end")
                : Optional.empty();
    }

    /** Faults strike the values of one metric of one device, so each key must be of one. */
    private static Optional<String> anomalyNotJudged(String from, WhereClause where, List<String> by, String value) {
        if (!from.equals("readings") || !value.equals("value")) {
            return Optional.of("from, value: faults are of the value of readings");
        }
        return Stream.of("device", "metric")
                .filter(column -> !by.contains(column) && !where.fixes(column))
                .findFirst()
                .map(column -> "by: without " + column + ", which where does not fix with = either: faults are of one "
                        + "metric of one device");
    }

    private static List<String> to(Config query) {
        return query.hasPath("to") ? query.getStringList("to") : List.of("mqtt");
    }

    /** What the query says itself, over what is said for all. */
    private ResultTable table(Config query) {
        Config own = query.hasPath("jdbc") ? query.getConfig("jdbc").withFallback(jdbc) : jdbc;
        return new ResultTable(
                text(own, "url", DATABASE),
                optional(own, "user"),
                optional(own, "password"),
                text(own, "table", query.getString("name")),
                own.hasPath("key") ? list(own, "key") : ResultTable.BY_ID);
    }

    /** A list, or a text that holds one, as environment variables do. */
    private static List<String> list(Config config, String key) {
        if (config.getValue(key).valueType() != ConfigValueType.STRING) {
            return config.getStringList(key);
        }
        String text = config.getString(key).strip();
        return ConfigFactory.parseString("it = " + (text.startsWith("[") ? text : "[" + text + "]"))
                .getStringList("it");
    }

    private static Optional<String> optional(Config config, String key) {
        return config.hasPath(key) ? Optional.of(config.getString(key)) : Optional.empty();
    }

    private static String text(Config query, String key, String otherwise) {
        return query.hasPath(key) ? query.getString(key) : otherwise;
    }

    private static long ms(Config query, String key, long otherwise) {
        return query.hasPath(key) ? query.getDuration(key).toMillis() : otherwise;
    }
}
