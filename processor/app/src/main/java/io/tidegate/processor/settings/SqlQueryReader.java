package io.tidegate.processor.settings;

import io.tidegate.processor.query.Target;
import io.tidegate.processor.query.expression.InvalidSqlException;
import io.tidegate.processor.sink.JdbcTableSettings;
import io.tidegate.processor.structured.ResultsSink;
import io.tidegate.processor.structured.SqlAnalysis;
import io.tidegate.processor.structured.SqlQuery;
import io.tidegate.processor.structured.StructuredQuery;
import io.tidegate.settings.Section;
import io.tidegate.spark.sink.jdbc.JdbcTarget;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads queries of {@code kind = sql}. Mistakes are recorded in their sections, in the words of Spark's analyser. */
public final class SqlQueryReader {

    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofDays(366);

    /** Every message has these fields of its own, and a row has the last of them. */
    private static final Set<String> TAKEN = Set.of("query", "id", "rev", ResultsSink.BATCH);

    private final Section defaults;
    private final SinkReader sinks;
    private final MqttTarget broker;

    /**
     * Reads the settings of all.
     *
     * @param processor the section that holds {@code queries} and {@code sql}
     */
    public SqlQueryReader(Section processor, SinkReader sinks, MqttTarget broker) {
        this.defaults = processor.child("sql");
        this.sinks = sinks;
        this.broker = broker;
        StructuredQuery.Pace unused = pace(defaults);
    }

    /** One query. */
    public SqlQuery read(Section section) {
        String name = QueryReader.name(section);
        String sql = section.string("sql");
        Optional<SqlQuery.Watermark> watermark =
                section.has("watermark") ? Optional.of(watermark(section.child("watermark"))) : Optional.empty();
        SqlQuery.Mode mode =
                section.has("output-mode") ? section.choice("output-mode", SqlQuery.Mode.class) : SqlQuery.Mode.APPEND;
        List<Target> to = Target.read(section);
        Optional<String> transform = section.optionalString("transform");
        List<String> columns = columns(section, sql, transform, watermark, mode);
        Map<String, String> options = new HashMap<>(Map.of(
                "query",
                name,
                "to",
                to.stream().map(Target::name).collect(Collectors.joining(",")),
                "files.dir",
                sinks.files().toString()));
        topics(section, name, options);
        sinks.ofSql(section, name, to, columns).ifPresent(table -> {
            if (mode == SqlQuery.Mode.UPDATE && table.key().isEmpty()) {
                section.mistake("jdbc", "a key, by which a row that has changed replaces the one before");
            }
            table(table, options);
        });
        return new SqlQuery(name, sql, transform, watermark, mode, pace(section), to, options);
    }

    private static SqlQuery.Watermark watermark(Section section) {
        return new SqlQuery.Watermark(section.string("column"), section.duration("delay", Duration.ZERO, LONGEST));
    }

    private static List<String> columns(
            Section section,
            String sql,
            Optional<String> transform,
            Optional<SqlQuery.Watermark> watermark,
            SqlQuery.Mode mode) {
        String key = "sql";
        String expected = "a query that Spark can run as a stream: ";
        List<String> columns;
        try {
            columns = SqlAnalysis.check(sql, watermark, mode);
            if (transform.isPresent()) {
                key = "transform";
                expected = "a saved pipeline of Spark MLlib that fits the rows of the query: ";
                columns = SqlAnalysis.checkTransformed(sql, watermark, mode, transform.get(), SparkSettings.ofCheck());
            }
        } catch (InvalidSqlException e) {
            section.mistake(key, expected + e.getMessage());
            return List.of();
        }
        for (String column : columns) {
            if (TAKEN.contains(column)) {
                section.mistake(
                        key, "another name for column " + column + ", which every result has: " + column + " AS name");
            }
        }
        return columns;
    }

    /** How a query runs that says so, or leaves it to the default. */
    public StructuredQuery.Pace pace(Section section) {
        Section trigger = section.has("trigger") ? section : defaults;
        Section events = section.has("max-events") ? section : defaults;
        return new StructuredQuery.Pace(
                trigger.duration("trigger", SHORTEST, LONGEST), events.integer("max-events", 1, Integer.MAX_VALUE));
    }

    private void topics(Section section, String name, Map<String, String> options) {
        options.put("mqtt.topic", section.optionalString("topic").orElse("tidegate/sql/" + name));
        options.put("mqtt.retained", String.valueOf(section.has("retained") && section.bool("retained")));
        options.put("mqtt.broker", broker.broker().toString());
        options.put("mqtt.clientId", broker.clientId() + "-sql");
        options.put("mqtt.timeout", "0"); // a broker that is away only delays
        options.put("mqtt.maxInFlight", String.valueOf(broker.maxInFlight()));
        put("mqtt.user", Optional.ofNullable(broker.user()), options);
        put("mqtt.password", Optional.ofNullable(broker.password()), options);
    }

    private static void table(JdbcTableSettings table, Map<String, String> options) {
        JdbcTarget database = table.database();
        options.put("jdbc.url", database.url());
        options.put("jdbc.dbtable", table.table());
        options.put("jdbc.key", String.join(",", table.key()));
        options.put("jdbc.retryFor", String.valueOf(database.retryFor().toSeconds()));
        put("jdbc.user", Optional.ofNullable(database.user()), options);
        put("jdbc.password", Optional.ofNullable(database.password()), options);
    }

    private static void put(String key, Optional<String> value, Map<String, String> options) {
        value.ifPresent(text -> options.put(key, text));
    }
}
