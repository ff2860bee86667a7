package io.tidegate.processor.structured;

import io.tidegate.processor.sink.DeliveryReceipt;
import io.tidegate.processor.sink.FlatMapIterator;
import io.tidegate.processor.sink.ResultDelivery;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.processor.sink.TableSink;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.TimeMode;
import org.apache.spark.util.LongAccumulator;

/**
 * A query that keeps a state for each key, as a structured stream: by key, through {@link KeyedProcessor}, to the places of the query. Results of a
 * task go out in their order while it runs; a micro-batch that fails runs again, with the same results.
 */
final class KeyedStream {

    private final KeyedQuery query;
    private final Sinks sinks;
    private final DeliveryReceipt.PublishListener published;
    private final StructuredProgress progress;
    private boolean prepared;

    /**
     * Of one query.
     *
     * @param sinks of the processor
     * @param published learns of results
     */
    KeyedStream(KeyedQuery query, Sinks sinks, DeliveryReceipt.PublishListener published, StructuredProgress progress) {
        this.query = query;
        this.sinks = sinks;
        this.published = published;
        this.progress = progress;
    }

    /** What writes the results of a stream of events with ticks. */
    DataStreamWriter<KeyedUpdate> writer(Dataset<Row> stream) {
        VoidFunction2<Dataset<KeyedUpdate>, Long> deliver = (batch, number) -> deliver(batch);
        LongAccumulator failed = stream.sparkSession().sparkContext().longAccumulator(query.name() + " failed");
        progress.countsFailed(failed::sum);
        return KeyedEvents.of(query.query(), failed)
                .byKey(stream)
                .transformWithState(
                        new KeyedProcessor(query.aggregation()),
                        TimeMode.EventTime(),
                        OutputMode.Update(),
                        Encoders.javaSerialization(KeyedUpdate.class))
                .writeStream()
                .outputMode(OutputMode.Update())
                .foreachBatch(deliver);
    }

    /** On the driver, once per micro-batch, and again for one that is re-run. One action: a second would run it twice. */
    private void deliver(Dataset<KeyedUpdate> batch) throws InterruptedException {
        prepare();
        batch.sparkSession()
                .sparkContext()
                .setLocalProperty(
                        KeyedProcessor.FULL, String.valueOf(progress.stateSize().keys() > query.maxKeys()));
        ResultDelivery delivery =
                new ResultDelivery(Map.of(query.name(), query.query().to()), sinks);
        List<TaskReport> reports =
                batch.javaRDD().mapPartitions(new DeliverPartition(delivery)).collect();
        long batchMs = reports.stream().mapToLong(TaskReport::batchMs).max().orElse(0);
        DeliveryReceipt.complete(
                reports.stream().map(TaskReport::receipt).toList(),
                batchMs,
                sinks.files(),
                published,
                System.out::println);
        progress.late(reports.stream().mapToLong(TaskReport::late).sum());
        progress.dropped(reports.stream().mapToLong(TaskReport::dropped).sum(), batchMs);
    }

    /** Before the first batch: makes the table if it is missing. */
    private void prepare() throws InterruptedException {
        TableSink table = sinks.tables().get(query.name());
        if (table != null && !prepared) {
            JdbcResults.makeTables(table.database(), List.of(table.table().table()));
        }
        prepared = true;
    }

    /** What a task tells the driver. */
    private record TaskReport(DeliveryReceipt receipt, long batchMs, long late, long dropped) implements Serializable {}

    private record DeliverPartition(ResultDelivery delivery)
            implements FlatMapFunction<Iterator<KeyedUpdate>, TaskReport> {
        @Override
        public Iterator<TaskReport> call(Iterator<KeyedUpdate> updates) throws InterruptedException {
            Sums sums = new Sums();
            DeliveryReceipt receipt = delivery.deliver(new FlatMapIterator<>(updates, update -> {
                sums.add(update);
                return update.results().iterator();
            }));
            return List.of(new TaskReport(receipt, sums.batchMs, sums.late, sums.dropped))
                    .iterator();
        }
    }

    /** What the keys of a task come to. */
    private static final class Sums {
        private long batchMs;
        private long late;
        private long dropped;

        void add(KeyedUpdate update) {
            batchMs = update.batchMs();
            late += update.late();
            dropped += update.dropped() ? 1 : 0;
        }
    }
}
