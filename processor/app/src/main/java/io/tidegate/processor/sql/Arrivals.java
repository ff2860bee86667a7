package io.tidegate.processor.sql;

import static org.apache.spark.sql.functions.expr;

import io.tidegate.processor.partial.Hit;
import io.tidegate.processor.partial.Observation;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.KeyColumns;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.spark.table.Table;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.KeyValueGroupedDataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * From rows of a table to what sessions want of them, by key. Spark computes {@code where}, {@code by} and {@code value};
 * the row that says what time it is becomes the watermark and goes no further.
 *
 * @param columns how many the key has
 */
record Arrivals(int columns) implements FlatMapFunction<Row, Row> {

    private static final String SEEN = "_seen";
    private static final String KEY = "key";

    /** What is selected before the columns of the key. */
    private static final int FIXED = 10;

    private static final StructType EVENTS = new StructType()
            .add(KEY, DataTypes.StringType)
            .add("time_ms", DataTypes.LongType)
            .add("received_ms", DataTypes.LongType)
            .add("key_group", DataTypes.IntegerType)
            .add("offset", DataTypes.LongType)
            .add("metric", DataTypes.StringType)
            .add("value", DataTypes.DoubleType)
            .add("path", DataTypes.StringType)
            .add("bytes", DataTypes.LongType)
            .add("error", DataTypes.BooleanType);

    /** The events of a stream with ticks, by the canonical text of their key. */
    static KeyValueGroupedDataset<String, Row> byKey(Dataset<Row> stream, RowExpressions rows) {
        // Behind the watermark nothing may be filtered by an expression: Spark would do it in front of the watermark,
        // and
        // the ticks would never come there.
        return stream.withColumn(SEEN, expr("CASE WHEN offset IS NULL THEN received END"))
                .withWatermark(SEEN, "0 seconds")
                .select(columns(rows))
                .flatMap(new Arrivals(rows.by().size()), Encoders.row(EVENTS))
                .groupBy(functions.col(KEY))
                .as(Encoders.STRING(), Encoders.row(EVENTS));
    }

    private static Column[] columns(RowExpressions rows) {
        boolean readings = rows.from() == Table.READINGS;
        String where = rows.where().isBlank() ? "true" : rows.where();
        List<Column> columns = new ArrayList<>(List.of(
                expr("CASE WHEN offset IS NULL THEN false ELSE coalesce((" + where + "), false) END"),
                expr("unix_millis(time)"),
                expr("unix_millis(received)"),
                expr("key_group"),
                expr("offset"),
                expr(readings ? "metric" : "''"),
                expr("CAST((" + rows.value() + ") AS DOUBLE)"),
                expr(readings ? "CAST(NULL AS STRING)" : "path"),
                expr(readings ? "CAST(NULL AS BIGINT)" : "coalesce(bytes, 0)"),
                expr(readings ? "CAST(NULL AS BOOLEAN)" : "coalesce(status >= 400, false)")));
        for (ByColumn column : rows.by()) {
            columns.add(expr(column.expression()));
        }
        for (int i = 0; i < columns.size(); i++) {
            columns.set(i, columns.get(i).as("_" + i));
        }
        return columns.toArray(Column[]::new);
    }

    @Override
    public Iterator<Row> call(Row row) {
        if (!row.getBoolean(0)) {
            return List.<Row>of().iterator();
        }
        return new KeyColumns(FIXED, columns)
                .keys(row).stream().map(key -> event(key, row)).iterator();
    }

    private static Row event(String key, Row row) {
        @Nullable Object[] values = new Object[FIXED];
        values[0] = key;
        for (int i = 1; i < FIXED; i++) {
            values[i] = row.get(i);
        }
        return RowFactory.create(values);
    }

    /** A row of {@link #byKey} as sessions have it. */
    static Observation observation(Row row) {
        return new Observation(
                row.getLong(1),
                row.getLong(2),
                row.getInt(3),
                row.getLong(4),
                row.getString(5),
                row.isNullAt(6) ? null : row.getDouble(6),
                row.isNullAt(9)
                        ? null
                        : new Hit(row.isNullAt(7) ? null : row.getString(7), row.getLong(8), row.getBoolean(9)));
    }
}
