package io.tidegate.processor.structured;

import static org.apache.spark.sql.functions.expr;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.RequestFields;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.expression.EvaluatorPool;
import io.tidegate.processor.query.expression.FailedEventLog;
import io.tidegate.processor.query.expression.RowEvaluator;
import io.tidegate.processor.sink.FlatMapIterator;
import io.tidegate.spark.event.EventTable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.KeyValueGroupedDataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * From rows of a table to the events of each key. {@code where}, {@code by} and {@code value} are computed as
 * they are on DStreams, event by event, and not by Spark in its plan: there an expression that fails on one event fails
 * the query, and does so again at every start. The row that says what time it is becomes the watermark and goes no
 * further.
 *
 * @param query the query's name
 * @param rows its expressions
 * @param columns the columns of the rows that come in, in their order
 * @param failed counts events that can't be evaluated, and are left out; more than once when a task runs again
 */
record KeyedEvents(String query, RowExpressions rows, List<String> columns, LongAccumulator failed)
        implements MapPartitionsFunction<Row, Row> {

    private static final String SEEN = "_seen";
    private static final String KEY = "key";
    private static final int LEAST_ERROR = 400;

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

    /** Of a query: its expressions decide which columns are read. */
    static KeyedEvents of(Query query, LongAccumulator failed) {
        Set<String> columns = new LinkedHashSet<>(List.of("time", "received", "key_group", "offset"));
        columns.addAll(
                query.rows().from() == EventTable.READINGS ? List.of("metric") : List.of("path", "bytes", "status"));
        columns.addAll(RowEvaluator.columns(query.rows()));
        return new KeyedEvents(query.name(), query.rows(), List.copyOf(columns), failed);
    }

    /** The events of a stream with ticks, by the canonical text of their key. */
    KeyValueGroupedDataset<String, Row> byKey(Dataset<Row> stream) {
        // Behind the watermark nothing may be filtered by an expression: Spark would do it in front of the watermark,
        // and the ticks would never come there.
        return stream.withColumn(SEEN, expr("CASE WHEN offset IS NULL THEN received END"))
                .withWatermark(SEEN, "0 seconds")
                .select(columns.stream().map(functions::col).toArray(Column[]::new))
                .mapPartitions(this, Encoders.row(EVENTS))
                .groupBy(functions.col(KEY))
                .as(Encoders.STRING(), Encoders.row(EVENTS));
    }

    @Override
    public Iterator<Row> call(Iterator<Row> events) {
        RowEvaluator evaluator = EvaluatorPool.borrow(rows);
        TaskCompletionListener giveBack = task -> EvaluatorPool.giveBack(rows, evaluator);
        TaskContext.get().addTaskCompletionListener(giveBack);
        Reader reader = new Reader(evaluator);
        return new FlatMapIterator<>(events, event -> reader.arrivals(event).iterator());
    }

    /** What one task makes of events. */
    private final class Reader {
        private final RowEvaluator evaluator;
        private final StructType schema = rows.from().schema();
        private final int[] places =
                columns.stream().mapToInt(schema::fieldIndex).toArray();
        private final boolean readings = rows.from() == EventTable.READINGS;
        private final int time = schema.fieldIndex("time");
        private final int received = schema.fieldIndex("received");
        private final int keyGroup = schema.fieldIndex("key_group");
        private final int offset = schema.fieldIndex("offset");
        private final int label = schema.fieldIndex(readings ? "metric" : "path");
        private final int bytes = readings ? -1 : schema.fieldIndex("bytes");
        private final int status = readings ? -1 : schema.fieldIndex("status");

        Reader(RowEvaluator evaluator) {
            this.evaluator = evaluator;
        }

        /** An event, once for each of its keys. */
        List<Row> arrivals(Row row) {
            InternalRow event = event(row);
            if (event.isNullAt(offset)) {
                return List.of();
            }
            try {
                if (!evaluator.matches(event)) {
                    return List.of();
                }
                Double value = evaluator.value(event);
                List<Row> arrivals = new ArrayList<>();
                for (String key : evaluator.keys(event)) {
                    arrivals.add(arrival(key, value, event));
                }
                return arrivals;
            } catch (Exception | StackOverflowError e) { // Scala throws checked ones too, unannounced
                FailedEventLog.report(query, e);
                failed.add(1);
                return List.of();
            }
        }

        /** A row with all columns of the table; those that nobody asks for are null. */
        private InternalRow event(Row row) {
            @Nullable Object[] values = new Object[schema.length()];
            for (int i = 0; i < places.length; i++) {
                values[places[i]] = CatalystTypeConverters.convertToCatalyst(row.get(i));
            }
            return new GenericInternalRow(values);
        }

        private Row arrival(String key, @Nullable Double value, InternalRow event) {
            String text =
                    event.isNullAt(label) ? null : event.getUTF8String(label).toString();
            return RowFactory.create(
                    key,
                    Math.floorDiv(event.getLong(time), 1_000L),
                    Math.floorDiv(event.getLong(received), 1_000L),
                    event.getInt(keyGroup),
                    event.getLong(offset),
                    readings ? text : "",
                    value,
                    readings ? null : text,
                    readings ? null : (Long) (event.isNullAt(bytes) ? 0L : event.getLong(bytes)),
                    readings ? null : (Boolean) (!event.isNullAt(status) && event.getInt(status) >= LEAST_ERROR));
        }
    }

    /** A row of {@link #byKey} as an aggregation takes it. */
    static InputEvent inputEvent(Row row) {
        return new InputEvent(
                row.getLong(1),
                row.getLong(2),
                row.getInt(3),
                row.getLong(4),
                row.getString(5),
                row.isNullAt(6) ? null : row.getDouble(6),
                row.isNullAt(9)
                        ? null
                        : new RequestFields(
                                row.isNullAt(7) ? null : row.getString(7), row.getLong(8), row.getBoolean(9)));
    }
}
