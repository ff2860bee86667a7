package io.tidegate.processor.structured;

import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.unix_millis;

import io.tidegate.processor.sink.DeliveryReceipt;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.spark.event.EventTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queries in SQL of one start, each with a session, a consumer group and a checkpoint of its own. A query that fails
 * ends all: a processor that answers half of its questions would not be noticed.
 */
public final class StructuredQueries implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StructuredQueries.class);

    private final List<StreamingQuery> running = new ArrayList<>();
    private final Map<String, StructuredProgress> progress = new HashMap<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile boolean stopping;
    private volatile CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);

    private StructuredQueries() {}

    /**
     * Where queries read, and keep what they know.
     *
     * @param gateway host:port
     * @param group each query's consumer group is this, a dot and its name
     * @param checkpoints a folder with one for each query
     * @param sinks where results of queries that are not in SQL go
     * @param published learns of them
     * @param from for a replay: the time of receipt where queries begin; they end where the log ended when they began, and
     *     belong to no consumer group
     */
    public record Environment(
            String gateway,
            String group,
            Path checkpoints,
            Sinks sinks,
            DeliveryReceipt.PublishListener published,
            Optional<Instant> from) {

        /** For queries that go on. */
        public Environment(
                String gateway,
                String group,
                Path checkpoints,
                Sinks sinks,
                DeliveryReceipt.PublishListener published) {
            this(gateway, group, checkpoints, sinks, published, Optional.empty());
        }
    }

    /**
     * Starts them.
     *
     * @param conf of the Spark that they share with the DStream job, if there is one; otherwise one is started
     */
    public static StructuredQueries start(
            SparkConf conf, List<? extends StructuredQuery> queries, Environment environment) throws TimeoutException {
        SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
        spark.sparkContext().setLogLevel("WARN");
        StructuredQueries started = new StructuredQueries();
        try {
            for (StructuredQuery query : queries) {
                SparkSession session = spark.newSession();
                StructuredProgress progress = new StructuredProgress();
                session.streams().addListener(progress);
                started.progress.put(query.name(), progress);
                started.add(start(session, query, environment, progress));
            }
        } catch (TimeoutException | RuntimeException e) {
            started.close();
            throw e;
        }
        return started;
    }

    /**
     * Runs queries over the past, one after the other, and returns how far each has come, in their order.
     *
     * @param conf of a Spark context that runs, or of one to come
     * @param environment with a time to begin
     * @throws StreamingQueryException when one fails
     */
    public static Map<String, StructuredProgress> replay(
            SparkConf conf, List<? extends StructuredQuery> queries, Environment environment)
            throws TimeoutException, StreamingQueryException, InterruptedException {
        SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
        Map<String, StructuredProgress> progresses = new LinkedHashMap<>();
        for (StructuredQuery query : queries) {
            SparkSession session = spark.newSession();
            StructuredProgress progress = new StructuredProgress();
            session.streams().addListener(progress);
            StreamingQuery running = start(session, query, environment, progress);
            try {
                running.awaitTermination();
            } finally {
                running.stop(); // when it was interrupted, or has failed
            }
            progress.awaitEnd();
            progresses.put(query.name(), progress);
        }
        return progresses;
    }

    private void add(StreamingQuery query) {
        running.add(query);
        Thread watch = new Thread(() -> watch(query), "sql-" + query.name());
        watch.setDaemon(true);
        watch.start();
    }

    private static StreamingQuery start(
            SparkSession session, StructuredQuery query, Environment environment, StructuredProgress progress)
            throws TimeoutException {
        DataStreamWriter<?> writer = query instanceof KeyedQuery keyed
                ? keyed(session, keyed, environment, progress)
                : rows(
                        session,
                        (SqlQuery) query,
                        table -> stream(session, table, query, environment).load());
        return writer.queryName(query.name())
                .option(
                        "checkpointLocation",
                        environment.checkpoints().resolve(query.name()).toString())
                .trigger(
                        environment.from().isPresent()
                                ? Trigger.AvailableNow()
                                : Trigger.ProcessingTime(query.pace().trigger().toMillis(), TimeUnit.MILLISECONDS))
                .start();
    }

    private static DataStreamWriter<?> keyed(
            SparkSession session, KeyedQuery query, Environment environment, StructuredProgress progress) {
        Dataset<Row> stream = stream(session, query.query().rows().from(), query, environment)
                .option("ticks", true)
                .load();
        return new KeyedStream(query, environment.sinks(), environment.published(), progress).writer(stream);
    }

    /** A query over some source of the tables' rows. */
    static DataStreamWriter<Row> rows(SparkSession session, SqlQuery query, Function<EventTable, Dataset<Row>> source) {
        for (EventTable table : EventTable.values()) {
            Dataset<Row> stream = source.apply(table);
            query.watermark()
                    .map(mark -> stream.withWatermark(mark.column(), mark.delayText()))
                    .orElse(stream)
                    .createOrReplaceTempView(table.label());
        }
        Dataset<Row> rows = NullOnError.sql(session, query.sql());
        return query.transform()
                .map(folder -> SavedPipeline.load(session, folder).transform(rows))
                .orElse(rows)
                .withColumn(ResultsSink.BATCH, unix_millis(current_timestamp()))
                .writeStream()
                .format(ResultsSink.class.getName())
                .outputMode(query.mode().spark())
                .options(query.options());
    }

    private static DataStreamReader stream(
            SparkSession session, EventTable table, StructuredQuery query, Environment environment) {
        DataStreamReader reader = session.readStream()
                .format("tidegate")
                .option("gateway", environment.gateway())
                .option("from", table.label())
                .option("maxEventsPerTrigger", query.pace().maxEvents());
        return environment
                .from()
                .map(time -> reader.option("startingTime", time.toString()).option("group", ""))
                .orElseGet(() -> reader.option("group", environment.group() + "." + query.name())
                        .option("startingOffsets", "committed"));
    }

    private void watch(StreamingQuery query) {
        try {
            query.awaitTermination();
            if (!stopping) {
                LOG.error("query {} has ended", query.name());
            }
        } catch (StreamingQueryException e) {
            if (!stopping) {
                LOG.error("query {} has failed, the processor stops", query.name(), e);
            }
        }
        ended.complete(stopping);
    }

    /** How far the query of that name has come. */
    public StructuredProgress progress(String query) {
        return Objects.requireNonNull(progress.get(query), query);
    }

    /** Done when the first has ended; whether it had been told to. */
    public CompletableFuture<Boolean> ended() {
        return ended;
    }

    /**
     * Stops them where they are, all at the same time: the micro-batch that is under way runs again at the next start.
     * Returns when each has stopped, or has not done so within {@code spark.sql.streaming.stopTimeout}.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (!stopping) {
                stopping = true;
                closing = StopAll.begin(running, StructuredQueries::stop);
            }
        }
        closing.join();
    }

    private static void stop(StreamingQuery query) {
        try {
            query.stop();
        } catch (TimeoutException e) {
            LOG.warn("query {} does not stop: {}", query.name(), e.getMessage());
        }
    }
}
