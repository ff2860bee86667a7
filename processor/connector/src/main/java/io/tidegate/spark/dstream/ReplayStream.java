package io.tidegate.spark.dstream;

import io.tidegate.spark.event.StreamElement;
import java.util.SortedMap;
import org.apache.spark.streaming.api.java.JavaInputDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.reflect.ClassTag$;

/**
 * The {@link LogRange} of a gateway as a DStream, cut into the batches that it would have come in without any delay: a batch
 * of time t has what was received before t, and not before the time of the batch before it. The
 * context's clock ({@code spark.streaming.clock}) says what time it is.
 *
 * <p>There is no receiver and no consumer group: events are read from the log at
 * {@value GatewayStream#ADDRESS}, and other readers' places are not touched. A context with such a stream can't be
 * recovered from a checkpoint; it begins again.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class ReplayStream {

    private ReplayStream() {}

    /** A stream of the past; nothing is read before the context starts. */
    public static JavaInputDStream<StreamElement> create(JavaStreamingContext context, LogRange range) {
        return new JavaInputDStream<>(
                new ReplayInputDStream(context.ssc(), range), ClassTag$.MODULE$.apply(StreamElement.class));
    }

    /**
     * How many events of each key group are in the batches up to and including the one of that time.
     *
     * @throws IllegalArgumentException when the context has no such stream
     */
    public static SortedMap<Integer, Long> pulled(JavaStreamingContext context, long batchMs) {
        return GatewayStream.in(context, ReplayInputDStream.class, "ReplayStream")
                .pulled(batchMs);
    }
}
