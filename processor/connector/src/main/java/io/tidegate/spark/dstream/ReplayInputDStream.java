package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.LogStatus;
import io.tidegate.spark.client.internal.Retry;
import io.tidegate.spark.event.KeyGroupTime;
import io.tidegate.spark.event.StreamElement;
import io.tidegate.spark.event.Tick;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockId;
import org.apache.spark.streaming.StreamingContext;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.InputDStream;
import scala.Option;
import scala.reflect.ClassTag$;

/** See {@link ReplayStream}. The gateway says which offsets the time of a batch ends at. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class ReplayInputDStream extends InputDStream<StreamElement> {
    private static final long serialVersionUID = 1;

    /** The most events that are read at once. */
    private static final long PIECE_EVENTS = 20_000;

    private final LogRange log;
    private final TreeMap<Long, BatchOffsets> ends = new TreeMap<>();

    ReplayInputDStream(StreamingContext context, LogRange log) {
        super(context, ClassTag$.MODULE$.apply(StreamElement.class));
        this.log = log;
    }

    @Override
    public String logName() {
        return InputDStream.class.getName();
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public Option<RDD<StreamElement>> compute(Time time) {
        BatchOffsets from = endsOf(time.$minus(slideDuration()));
        BatchOffsets to = endsOf(time);
        List<BatchPlan.Piece> plan = BatchPlan.of(from, to, List.of(), PIECE_EVENTS);
        List<List<BatchPlan.Piece>> tasks =
                BatchPlan.tasks(plan, ssc().sparkContext().defaultParallelism());
        return GatewayRDD.batch(this, new BlockId[0], tasks, to.eventsSince(from), tick(time.milliseconds()));
    }

    private Tick tick(long batchMs) {
        KeyGroupTime time = new KeyGroupTime(0, log.seenThroughMs(batchMs));
        return new Tick(batchMs, Collections.nCopies(log.keyGroups(), time));
    }

    private BatchOffsets endsOf(Time time) {
        if (time.lessEq(zeroTime())) {
            return log.from();
        }
        return ends.computeIfAbsent(time.milliseconds(), this::ask);
    }

    /** What was received before that time, as far as it belongs to the range. */
    private BatchOffsets ask(long batchMs) {
        LogStatus answer = GatewayClient.ofThisJvm().receivedFrom(batchMs, Retry.FOR_EVER);
        return BatchOffsets.of(answer.receivedFrom()).within(log.from(), log.until());
    }

    /** Events per key group up to and including the batch of that time. */
    SortedMap<Integer, Long> pulled(long batchMs) {
        synchronized (graph()) { // Spark holds it whenever it calls the stream
            Map.Entry<Long, BatchOffsets> through = ends.floorEntry(batchMs);
            return (through == null ? log.from() : through.getValue()).eventsByKeyGroup(log.from());
        }
    }

    @Override
    public void clearMetadata(Time time) {
        super.clearMetadata(time);
        ends.headMap(time.$minus(rememberDuration()).$minus(slideDuration()).milliseconds())
                .clear();
    }
}
