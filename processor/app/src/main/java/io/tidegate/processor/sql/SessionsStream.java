package io.tidegate.processor.sql;

import io.tidegate.processor.query.Query;
import io.tidegate.processor.sink.Delivery;
import io.tidegate.processor.sink.Flattened;
import io.tidegate.processor.sink.Receipt;
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
 * Sessions as a structured stream: by key, through {@link SessionsProcessor}, to the places of the query. Results of a
 * task go out in their order while it runs; a micro-batch that fails runs again, with the same results.
 */
final class SessionsStream {

    private final SessionsQuery sessions;
    private final Sinks sinks;
    private final Receipt.Published published;
    private final SqlProgress progress;
    private boolean prepared;

    /**
     * Of one query.
     *
     * @param sinks of the processor
     * @param published learns of results
     */
    SessionsStream(SessionsQuery sessions, Sinks sinks, Receipt.Published published, SqlProgress progress) {
        this.sessions = sessions;
        this.sinks = sinks;
        this.published = published;
        this.progress = progress;
    }

    /** What writes the sessions of a stream of events with ticks. */
    DataStreamWriter<Told> writer(Dataset<Row> stream) {
        VoidFunction2<Dataset<Told>, Long> deliver = (batch, number) -> deliver(batch);
        LongAccumulator failed = stream.sparkSession().sparkContext().longAccumulator(sessions.name() + " failed");
        progress.countsFailed(failed::sum);
        return Arrivals.of(sessions.query(), failed)
                .byKey(stream)
                .transformWithState(
                        new SessionsProcessor(sessions.spec()),
                        TimeMode.EventTime(),
                        OutputMode.Update(),
                        Encoders.javaSerialization(Told.class))
                .writeStream()
                .outputMode(OutputMode.Update())
                .foreachBatch(deliver);
    }

    /** On the driver, once per micro-batch, and again for one that is re-run. One action: a second would run it twice. */
    private void deliver(Dataset<Told> batch) throws InterruptedException {
        prepare();
        batch.sparkSession()
                .sparkContext()
                .setLocalProperty(
                        SessionsProcessor.FULL, String.valueOf(progress.held().keys() > sessions.maxKeys()));
        Query query = sessions.query();
        Delivery delivery = new Delivery(Map.of(query.name(), query.to()), sinks);
        List<Delivered> told =
                batch.javaRDD().mapPartitions(new Deliver(delivery)).collect();
        long batchMs = told.stream().mapToLong(Delivered::batchMs).max().orElse(0);
        Receipt.complete(
                told.stream().map(Delivered::receipt).toList(), batchMs, sinks.files(), published, System.out::println);
        progress.late(told.stream().mapToLong(Delivered::late).sum());
        progress.dropped(told.stream().mapToLong(Delivered::dropped).sum(), batchMs);
    }

    /** Before the first batch: makes the table if it is missing. */
    private void prepare() throws InterruptedException {
        TableSink table = sinks.tables().get(sessions.name());
        if (table != null && !prepared) {
            JdbcResults.makeTables(table.database(), List.of(table.table().table()));
        }
        prepared = true;
    }

    /** What a task tells the driver. */
    private record Delivered(Receipt receipt, long batchMs, long late, long dropped) implements Serializable {}

    private record Deliver(Delivery delivery) implements FlatMapFunction<Iterator<Told>, Delivered> {
        @Override
        public Iterator<Delivered> call(Iterator<Told> turns) throws InterruptedException {
            Sums sums = new Sums();
            Receipt receipt = delivery.deliver(new Flattened<>(turns, turn -> {
                sums.add(turn);
                return turn.results();
            }));
            return List.of(new Delivered(receipt, sums.batchMs, sums.late, sums.dropped))
                    .iterator();
        }
    }

    /** What the keys of a task come to. */
    private static final class Sums {
        private long batchMs;
        private long late;
        private long dropped;

        void add(Told turn) {
            batchMs = turn.batchMs();
            late += turn.late();
            dropped += turn.dropped() ? 1 : 0;
        }
    }
}
