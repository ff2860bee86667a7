package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.event.StreamElement;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.spark.streaming.api.java.JavaInputDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.reflect.ClassTag$;

/**
 * The events of a Tidegate gateway as a DStream, each exactly once in whatever state is built from it.
 *
 * <pre>{@code
 * SparkConf conf = new SparkConf().setAppName("counts").setMaster("local[3]")
 *         .set(GatewayStream.ADDRESS, "localhost:9470")           // host:port; not stored in checkpoints
 *         .set("spark.streaming.driver.writeAheadLog.allowBatching", "false"); // else a graceful stop times out
 * JavaSparkContext spark = new JavaSparkContext(conf);            // first, so that a recovered job uses this address
 * JavaStreamingContext context = JavaStreamingContext.getOrCreate("checkpoint", () -> {
 *     JavaStreamingContext c = new JavaStreamingContext(spark, Durations.seconds(1));
 *     c.checkpoint("checkpoint");
 *     GatewayStream.create(c, GatewayOptions.of("my-job"))
 *             .filter(element -> element instanceof EventChunk)
 *             .flatMapToPair(element -> devices(((EventChunk) element).cursor()))
 *             .reduceByKey(Long::sum)
 *             .print();
 *     return c;
 * });
 * context.start();
 * context.awaitTermination();
 * }</pre>
 *
 * <p>Operators and state count each event exactly once, whatever dies and comes again. Output operations run at least once:
 * a batch that is run again has the same content, the same time and the same {@link io.tidegate.spark.event.Tick}, so make
 * outputs idempotent by the batch's time. The gateway keeps what the job may still need: as long as the longest window and
 * the newest checkpoints reach back.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class GatewayStream {

    /** The key of the Spark configuration that holds the gateway's {@code host:port}; not part of any checkpoint. */
    public static final String ADDRESS = GatewayClient.ADDRESS;

    private GatewayStream() {}

    /**
     * A stream of the gateway at {@value #ADDRESS}. Not to be called for a context that was recovered from a
     * checkpoint: its stream is already part of it.
     *
     * <p>Nothing is connected before the context starts. The start opens a new run of the group at the gateway, waiting
     * until it answers, and so fences an older run that is still alive: its next batch fails with
     * {@link io.tidegate.spark.client.FencedException}.
     */
    public static JavaInputDStream<StreamElement> create(JavaStreamingContext context, GatewayOptions options) {
        return new JavaInputDStream<>(
                new GatewayInputDStream(context.ssc(), options), ClassTag$.MODULE$.apply(StreamElement.class));
    }

    /**
     * What holds back the gateway when batches pile up; for a context that was just made as well as for one that was
     * recovered.
     *
     * @throws IllegalArgumentException when the context has no stream of a gateway
     */
    public static BackpressureController backpressure(JavaStreamingContext context) {
        return in(context).backpressure();
    }

    /**
     * How many events of each key group have come through the stream since its first batch of all, up to and including
     * the batch of that time: by the door's own offsets, whatever became of the events behind it.
     *
     * @throws IllegalArgumentException when the context has no stream of a gateway
     */
    public static SortedMap<Integer, Long> pulled(JavaStreamingContext context, long batchMs) {
        return in(context).pulled(batchMs);
    }

    private static GatewayInputDStream in(JavaStreamingContext context) {
        return in(context, GatewayInputDStream.class, "GatewayStream");
    }

    /** The stream of that class in a context. */
    static <T> T in(JavaStreamingContext context, Class<T> type, String maker) {
        return Stream.of(context.ssc().graph().getInputStreams())
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "streaming context: no stream of a gateway (expected: one made by " + maker + ".create)"));
    }
}
