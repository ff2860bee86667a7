package io.tidegate.spark.event;

import io.tidegate.protocol.v1.AgentClass;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.TimeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What a query reads {@code from}. An event is a row of one table; for queries over another table it is filtered, which
 * is how their ledger accounts for it.
 */
@SuppressWarnings("ImmutableEnumChecker") // types and method references of Catalyst and protobuf are
public enum EventTable {
    /** Measurements of devices. */
    READINGS("value", readings()),
    /** Requests to web servers, lines of their access logs. */
    REQUESTS("bytes", requests());

    private final String defaultValue;
    private final List<EventColumn> columns;

    EventTable(String defaultValue, List<EventColumn> columns) {
        this.defaultValue = defaultValue;
        this.columns = columns;
    }

    /** The table of that name, in any case. */
    public static Optional<EventTable> named(String label) {
        return Arrays.stream(values())
                .filter(table -> table.label().equalsIgnoreCase(label.strip()))
                .findFirst();
    }

    /** The name in SQL and in configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is aggregated unless a query says otherwise: a column. */
    public String defaultValue() {
        return defaultValue;
    }

    /** The table that an event is a row of; null for a kind of event that this version does not know. */
    static @Nullable EventTable of(Event event) {
        return switch (event.getBodyCase()) {
            case READING -> READINGS;
            case REQUEST -> REQUESTS;
            case BODY_NOT_SET -> null;
        };
    }

    /** The columns, in their order. */
    public List<EventColumn> columns() {
        return columns;
    }

    /** The columns as Spark wants them; any may be null as far as it is told. */
    public StructType schema() {
        StructType schema = new StructType();
        for (EventColumn column : columns) {
            schema = schema.add(column.name(), column.type());
        }
        return schema;
    }

    /** The column of that name, in any case, as SQL has it. */
    public Optional<EventColumn> column(String name) {
        return columns.stream()
                .filter(c -> c.name().equalsIgnoreCase(name.strip()))
                .findFirst();
    }

    /** All names of columns, for people. */
    public String columnNames() {
        return columns.stream().map(EventColumn::name).collect(Collectors.joining(", "));
    }

    private static List<EventColumn> readings() {
        List<EventColumn> columns = new ArrayList<>();
        columns.add(text("device", row -> row.reading().getDevice()));
        columns.add(text("metric", row -> row.reading().getMetric()));
        columns.add(new EventColumn(
                "value",
                DataTypes.DoubleType,
                row -> row.reading().hasValue() ? row.reading().getValue() : null));
        columns.add(text("text", row -> row.reading().hasText() ? row.reading().getText() : null));
        columns.add(text("unit", row -> row.reading().hasUnit() ? row.reading().getUnit() : null));
        columns.addAll(times());
        columns.add(whole("seq", row -> row.reading().hasSeq() ? row.reading().getSeq() : null));
        columns.addAll(places());
        return List.copyOf(columns);
    }

    private static List<EventColumn> requests() {
        List<EventColumn> columns = new ArrayList<>();
        columns.add(text("client", row -> row.request().getClient()));
        columns.add(text("host", row -> row.request().hasHost() ? row.request().getHost() : null));
        columns.add(text("user", row -> row.request().hasUser() ? row.request().getUser() : null));
        columns.add(
                text("method", row -> row.request().hasMethod() ? row.request().getMethod() : null));
        columns.add(text("path", row -> row.request().hasPath() ? row.request().getPath() : null));
        columns.add(
                text("query", row -> row.request().hasQuery() ? row.request().getQuery() : null));
        columns.add(text(
                "protocol", row -> row.request().hasProtocol() ? row.request().getProtocol() : null));
        columns.add(new EventColumn(
                "status",
                DataTypes.IntegerType,
                row -> row.request().hasStatus() ? row.request().getStatus() : null));
        columns.add(
                whole("bytes", row -> row.request().hasBytes() ? row.request().getBytes() : null));
        columns.add(text(
                "referer", row -> row.request().hasReferer() ? row.request().getReferer() : null));
        columns.add(
                text("agent", row -> row.request().hasAgent() ? row.request().getAgent() : null));
        columns.addAll(times());
        columns.addAll(places());
        columns.add(text("agent_class", row -> agentClass(row.request().getAgentClass())));
        columns.add(new EventColumn(
                "duration",
                DataTypes.DoubleType,
                row -> row.request().hasDurationUs() ? row.request().getDurationUs() / 1e6 : null));
        return List.copyOf(columns);
    }

    private static List<EventColumn> times() {
        return List.of(
                new EventColumn(
                        "time", DataTypes.TimestampType, row -> row.event().getTimeUs()),
                text("time_source", row -> timeSource(row.event().getTimeSource())),
                new EventColumn(
                        "received", DataTypes.TimestampType, row -> row.event().getReceivedMs() * 1000));
    }

    private static List<EventColumn> places() {
        return List.of(
                text("gateway", EventRow::gateway),
                new EventColumn("key_group", DataTypes.IntegerType, EventRow::keyGroup),
                whole("offset", EventRow::offset));
    }

    private static EventColumn text(String name, Function<EventRow, @Nullable Object> value) {
        return new EventColumn(name, DataTypes.StringType, value);
    }

    private static EventColumn whole(String name, Function<EventRow, @Nullable Object> value) {
        return new EventColumn(name, DataTypes.LongType, value);
    }

    private static String timeSource(TimeSource source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String agentClass(AgentClass agentClass) {
        return switch (agentClass) {
            case ROBOT, MOBILE, DESKTOP -> agentClass.name().toLowerCase(Locale.ROOT);
            case AGENT_CLASS_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }
}
