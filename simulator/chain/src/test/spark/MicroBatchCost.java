import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * What a micro-batch of a windowed query costs with the data source {@code tidegate} beside the same query on Spark's own
 * {@code rate-micro-batch}, in runs that take turns; and how fast a batch reads the log.
 *
 * <p>Arguments: the gateway's address, a folder, events per second, device names.
 */
public final class MicroBatchCost {

    private static final int ROUNDS = 5;
    private static final int TRIGGERS_A_ROUND = 10;
    /** After a start, a query loads its state and compiles. */
    private static final int PASSED_OVER = 3;

    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder()
                .appName("micro-batch-cost")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", 2)
                .config(
                        "spark.sql.streaming.stateStore.providerClass",
                        "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider")
                .config("spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled", true)
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        batch(spark, arguments[0]);

        int rate = Integer.parseInt(arguments[2]);
        Dataset<Row> ours = spark.readStream()
                .format("tidegate")
                .option("gateway", arguments[0])
                .option("from", "readings")
                .option("startingOffsets", "latest")
                .load()
                .select("time", "device", "value");
        Dataset<Row> theirs = spark.readStream()
                .format("rate-micro-batch")
                .option("rowsPerBatch", rate)
                .option("advanceMillisPerBatch", 1_000)
                .option("numPartitions", 8)
                .load()
                .selectExpr(
                        "timestamp AS time",
                        "concat('d', value % " + arguments[3] + ") AS device",
                        "CAST(value AS DOUBLE) AS value");
        List<Long> oursMs = new ArrayList<>();
        List<Long> theirsMs = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            oursMs.addAll(triggers(ours, arguments[1] + "/ours", rate));
            theirsMs.addAll(triggers(theirs, arguments[1] + "/theirs", rate));
        }
        System.out.printf(
                Locale.ROOT,
                "RESULT a micro-batch of %d events: tidegate %d ms, rate-micro-batch %d ms (medians of %d and %d), ratio %.2f%n",
                rate,
                median(oursMs),
                median(theirsMs),
                oursMs.size(),
                theirsMs.size(),
                (double) median(oursMs) / median(theirsMs));
        spark.stop();
    }

    private static void batch(SparkSession spark, String gateway) {
        for (int round = 0; round < 3; round++) {
            long begin = System.nanoTime();
            Row total = spark.read()
                    .format("tidegate")
                    .option("gateway", gateway)
                    .option("from", "readings")
                    .load()
                    .agg(count(lit(1)), sum("value"), count("device"), count("time"))
                    .head();
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "RESULT batch read %d: %d events in %.1f s, %.0f events/s%n",
                    round + 1,
                    total.getLong(0),
                    seconds,
                    total.getLong(0) / seconds);
        }
    }

    private static List<Long> triggers(Dataset<Row> events, String checkpoint, int rate) throws Exception {
        StreamingQuery query = events.withWatermark("time", "10 seconds")
                .groupBy(window(col("time"), "10 seconds"), col("device"))
                .agg(count(lit(1)), avg("value"))
                .writeStream()
                .format("noop")
                .outputMode("update")
                .option("checkpointLocation", checkpoint)
                .trigger(Trigger.ProcessingTime("1 second"))
                .start();
        List<Long> took = new ArrayList<>();
        long last = -1;
        int full = 0;
        while (took.size() < TRIGGERS_A_ROUND) {
            Thread.sleep(20);
            StreamingQueryProgress progress = query.lastProgress();
            if (query.exception().isDefined()) {
                throw query.exception().get();
            }
            boolean fresh = progress != null && progress.batchId() != last;
            if (fresh && progress.numInputRows() > rate / 2) {
                last = progress.batchId();
                if (++full > PASSED_OVER) {
                    took.add(progress.durationMs().get("triggerExecution"));
                }
            }
        }
        query.stop();
        return took;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
