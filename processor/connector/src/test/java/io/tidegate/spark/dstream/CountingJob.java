package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.EventRow;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.event.StreamElement;
import io.tidegate.spark.event.Tick;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.Optional;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaInputDStream;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

/**
 * A job with state and with a window that goes through its inverse. For every batch it appends what it saw to files, a
 * line each, so that runs of different processes can be compared: the ranges of offsets and the tick, the totals by
 * device, the window's counts by device.
 */
@SuppressWarnings("deprecation")
final class CountingJob implements Serializable {
    private static final long serialVersionUID = 1;

    static final int BATCH_MS = 500;
    static final int WINDOW = 8;
    static final int SLIDE = 2;

    /** Tests hold batches back with it; same JVM only. */
    static volatile CountDownLatch gate = new CountDownLatch(0);

    private final String folder;

    private CountingJob(Path folder) {
        this.folder = folder.toString();
    }

    /** Starts or recovers the job. */
    static JavaStreamingContext start(Path folder, String gateway, Map<String, String> settings) {
        SparkConf conf = conf(gateway);
        settings.forEach(conf::set);
        JavaSparkContext spark = new JavaSparkContext(conf);
        CountingJob job = new CountingJob(folder);
        JavaStreamingContext context =
                JavaStreamingContext.getOrCreate(folder.resolve("checkpoint").toString(), () -> job.create(spark));
        context.start();
        return context;
    }

    /** Spark as the connector needs it. */
    static SparkConf conf(String gateway) {
        return new SparkConf()
                .setMaster("local[3]")
                .setAppName("counting")
                .set("spark.ui.enabled", "false")
                .set("spark.default.parallelism", "2")
                .set("spark.locality.wait", "0")
                .set("spark.streaming.driver.writeAheadLog.allowBatching", "false")
                .set(GatewayClient.ADDRESS, gateway);
    }

    private JavaStreamingContext create(JavaSparkContext spark) {
        JavaStreamingContext context = new JavaStreamingContext(spark, Durations.milliseconds(BATCH_MS));
        context.checkpoint(folder + "/checkpoint");
        JavaInputDStream<StreamElement> door = GatewayStream.create(
                context, new GatewayOptions("test", 0, 200_000, 32L << 20, Duration.ofMillis(100), 100));
        door.foreachRDD((rdd, time) -> {
            gate.await();
            line("batches", time.milliseconds(), describe(rdd.collect()));
        });
        JavaPairDStream<String, Long> counts =
                door.mapPartitionsToPair(CountingJob::devices).reduceByKey(Long::sum, 2);
        JavaPairDStream<String, Long> totals = counts.updateStateByKey(
                (news, old) -> Optional.of(news.stream().mapToLong(x -> x).sum() + old.or(0L)), 2);
        totals.checkpoint(Durations.milliseconds(4L * BATCH_MS));
        totals.foreachRDD((rdd, time) -> line("totals", time.milliseconds(), text(rdd.collectAsMap())));
        JavaPairDStream<String, Long> window = counts.reduceByKeyAndWindow(
                Long::sum,
                (a, b) -> a - b,
                Durations.milliseconds((long) WINDOW * BATCH_MS),
                Durations.milliseconds((long) SLIDE * BATCH_MS),
                2,
                entry -> entry._2() != 0);
        window.checkpoint(Durations.milliseconds(4L * BATCH_MS));
        window.foreachRDD((rdd, time) -> line("windows", time.milliseconds(), text(rdd.collectAsMap())));
        return context;
    }

    private static Iterator<Tuple2<String, Long>> devices(Iterator<StreamElement> records) {
        Map<String, Long> counts = new HashMap<>();
        while (records.hasNext()) {
            if (records.next() instanceof EventChunk chunk) {
                chunk.forEach(reading(), row -> counts.merge((String) row.value("device"), 1L, Long::sum));
            }
        }
        List<Tuple2<String, Long>> result = new ArrayList<>();
        counts.forEach((device, n) -> result.add(new Tuple2<>(device, n)));
        return result.iterator();
    }

    private static EventRow reading() {
        return new EventRow(EventTable.READINGS, "fake");
    }

    private static String text(Map<String, Long> counts) {
        return new TreeMap<>(counts).toString();
    }

    /** Ranges as "kg:from-next" with adjoining ones as one, the sum of the values, and the tick. */
    private static String describe(List<StreamElement> records) {
        double[] sum = {0};
        List<EventChunk> chunks = new ArrayList<>();
        List<Tick> ticks = new ArrayList<>();
        for (StreamElement record : records) {
            if (record instanceof EventChunk chunk) {
                chunk.forEach(reading(), row -> sum[0] += row.value("value") instanceof Double value ? value : 0);
                chunks.add(chunk);
            } else if (record instanceof Tick tick) {
                ticks.add(tick);
            }
        }
        chunks.sort(Comparator.comparingInt(EventChunk::keyGroup).thenComparingLong(EventChunk::from));
        StringBuilder ranges = new StringBuilder();
        int keyGroup = -1;
        long next = 0;
        for (EventChunk chunk : chunks) {
            if (chunk.keyGroup() != keyGroup || chunk.from() != next) {
                ranges.append(keyGroup < 0 ? "" : next + " ").append(chunk.keyGroup() + ":" + chunk.from() + "-");
            }
            keyGroup = chunk.keyGroup();
            next = chunk.next();
        }
        ranges.append(keyGroup < 0 ? "" : next);
        return ranges + "|" + sum[0] + "|" + ticks.size() + "|" + ticks.get(0).seenThroughMs() + "|"
                + ticks.get(0).batchMs();
    }

    private void line(String file, long time, String content) {
        try {
            Files.writeString(
                    Path.of(folder, file),
                    time + "|" + content + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process of its own: the folder and the gateway's address. */
    public static void main(String[] args) throws InterruptedException {
        start(Path.of(args[0]), args[1], Map.of()).awaitTermination();
    }
}
