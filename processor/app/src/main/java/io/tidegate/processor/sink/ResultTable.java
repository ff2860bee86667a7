package io.tidegate.processor.sink;

import static io.tidegate.spark.sink.jdbc.JdbcColumn.optional;
import static io.tidegate.spark.sink.jdbc.JdbcColumn.required;

import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.expression.RowEvaluator;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.ResultFields;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.jdbc.ColumnType;
import io.tidegate.spark.sink.jdbc.JdbcColumn;
import io.tidegate.spark.sink.jdbc.JdbcRow;
import io.tidegate.spark.sink.jdbc.JdbcTable;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of one query's results: {@code id, query, rev, batch}, then the columns of {@code by}, then the fields of its
 * kind under their names in JSON ({@code durationMs} is {@code duration_ms}). Times are timestamps, objects and lists are
 * JSON texts.
 *
 * @param query the name of the query
 */
public record ResultTable(String query, JdbcTable table) implements Serializable {

    private static final String ID = "id";
    private static final Map<String, String> FIELDS = Map.of("duration_ms", "durationMs");

    /**
     * The table.
     *
     * @param name its name
     * @param key the columns by which rows replace each other; empty: the id
     */
    public static ResultTable of(Query query, String name, List<String> key) {
        boolean byId = key.isEmpty() || key.equals(List.of(ID));
        // Revisions count within an id: two sessions of a key are told apart by their batches only.
        List<String> version = byId ? List.of("batch", "rev") : List.of("batch");
        return new ResultTable(query.name(), new JdbcTable(name, columns(query), byId ? List.of(ID) : key, version));
    }

    /** All columns, in order. A column of {@code by} may have the name of another: then there can be no table. */
    public static List<JdbcColumn> columns(Query query) {
        List<JdbcColumn> columns = new ArrayList<>(List.of(
                required(ID, ColumnType.TEXT),
                required("query", ColumnType.TEXT),
                required("rev", ColumnType.WHOLE),
                required("batch", ColumnType.WHOLE)));
        List<ColumnType> types = RowEvaluator.keyTypes(query.rows());
        for (int i = 0; i < types.size(); i++) {
            columns.add(optional(query.rows().byNames().get(i), types.get(i)));
        }
        columns.addAll(columns(query.kind(), query.rows().from()));
        return columns;
    }

    private static List<JdbcColumn> columns(QueryKind kind, EventTable from) {
        if (kind instanceof QueryKind.Sessions) {
            return session(from);
        }
        if (kind instanceof QueryKind.Totals) {
            return totals();
        }
        if (kind instanceof QueryKind.Anomaly) {
            return anomaly();
        }
        if (kind instanceof QueryKind.Counts) {
            return List.of(
                    optional("end", ColumnType.TIME),
                    optional("count", ColumnType.WHOLE),
                    optional("sum", ColumnType.NUMBER));
        }
        List<JdbcColumn> columns = new ArrayList<>(List.of(
                optional("start", ColumnType.TIME),
                optional("end", ColumnType.TIME),
                optional("partial", ColumnType.TRUTH)));
        if (kind instanceof QueryKind.Window window) {
            // A key that empties says count 0 whatever is computed.
            Set<AggregateFunction> computed = EnumSet.of(AggregateFunction.COUNT);
            computed.addAll(window.compute());
            computed.forEach(aggregate -> columns.add(
                    optional(aggregate.label(), aggregate.isWhole() ? ColumnType.WHOLE : ColumnType.NUMBER)));
            if (computed.contains(AggregateFunction.DISTINCT)) {
                columns.add(optional("approximate", ColumnType.TRUTH));
            }
        } else {
            columns.add(optional("top", ColumnType.JSON));
            columns.add(optional("distinct", ColumnType.WHOLE));
            columns.add(optional("total", ColumnType.WHOLE));
        }
        return columns;
    }

    private static List<JdbcColumn> totals() {
        return List.of(
                optional("count", ColumnType.WHOLE),
                optional("sum", ColumnType.NUMBER),
                optional("mean", ColumnType.NUMBER),
                optional("min", ColumnType.NUMBER),
                optional("max", ColumnType.NUMBER),
                optional("since", ColumnType.TIME),
                optional("until", ColumnType.TIME));
    }

    private static List<JdbcColumn> anomaly() {
        return List.of(
                optional("state", ColumnType.TEXT),
                optional("since", ColumnType.TIME),
                optional("time", ColumnType.TIME),
                optional("value", ColumnType.NUMBER),
                optional("score", ColumnType.NUMBER),
                optional("expected", ColumnType.NUMBER),
                optional("low", ColumnType.NUMBER),
                optional("high", ColumnType.NUMBER),
                optional("until", ColumnType.TIME),
                optional("worst", ColumnType.NUMBER));
    }

    private static List<JdbcColumn> session(EventTable from) {
        List<JdbcColumn> columns = new ArrayList<>(List.of(
                optional("session", ColumnType.WHOLE),
                optional("state", ColumnType.TEXT),
                optional("into", ColumnType.WHOLE),
                optional("start", ColumnType.TIME),
                optional("end", ColumnType.TIME),
                optional("duration_ms", ColumnType.WHOLE),
                optional("events", ColumnType.WHOLE),
                optional("late", ColumnType.WHOLE)));
        if (from == EventTable.READINGS) {
            columns.add(optional("metrics", ColumnType.JSON));
        } else {
            columns.add(optional("pages", ColumnType.WHOLE));
            columns.add(optional("bytes", ColumnType.WHOLE));
            columns.add(optional("errors", ColumnType.WHOLE));
            columns.add(optional("entry", ColumnType.TEXT));
            columns.add(optional("exit", ColumnType.TEXT));
        }
        return columns;
    }

    /** A result of the query as a row. */
    public JdbcRow row(Result result) {
        Map<String, @Nullable Object> fields = ResultFields.of(result);
        List<@Nullable Object> values = new ArrayList<>();
        for (JdbcColumn column : table.columns()) {
            String field = FIELDS.getOrDefault(column.name(), column.name());
            values.add(value(column.type(), fields.get(field)));
        }
        return new JdbcRow(query, table, values);
    }

    /** The values of keys know texts, numbers and truth values only. */
    private static @Nullable Object value(ColumnType type, @Nullable Object given) {
        if (given == null || (type == ColumnType.TIME && given instanceof Instant)) {
            return given;
        }
        return switch (type) {
            case TEXT, JSON -> given.toString();
            case NUMBER -> given instanceof Number number ? number.doubleValue() : Double.valueOf(given.toString());
            case TIME -> Instant.parse(given.toString());
            case DATE -> LocalDate.parse(given.toString());
            case EXACT -> new BigDecimal(KeyCodec.text(given));
            case WHOLE, TRUTH -> given;
        };
    }
}
