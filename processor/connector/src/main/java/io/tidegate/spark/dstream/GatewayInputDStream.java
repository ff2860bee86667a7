package io.tidegate.spark.dstream;

import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.spark.client.internal.BlockRange;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.event.StreamElement;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.rdd.BlockRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockId;
import org.apache.spark.streaming.StreamingContext;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.ReceiverInputDStream;
import org.apache.spark.streaming.receiver.Receiver;
import org.apache.spark.streaming.scheduler.RateController;
import org.apache.spark.streaming.scheduler.ReceivedBlockInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * The door: every event of the log passes it exactly once. A batch is one contiguous range of offsets per key group;
 * blocks are only a cache of pieces of it. What came twice is cut off here, what is missing is read from the gateway.
 *
 * <p>The only state is where each batch ends, by batch time, and travels in the checkpoint. A batch's end is a pure
 * function of the end before it and of Spark's own record of which blocks belong to which batch; Spark asks for batches
 * in any order and more than once.
 *
 * <p>Spark calls everything here under the lock of its graph, one thread at a time; the commit runs on a thread of its
 * own.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class GatewayInputDStream extends ReceiverInputDStream<StreamElement> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(GatewayInputDStream.class);

    /** Blocks of batches older than that are freed, however long windows remember their input. */
    private static final int KEEP_BLOCKS = 20;

    /** Spark falls back to at most that many older checkpoints, each a batch older: they must find their events too. */
    private static final int OLDER_CHECKPOINTS = 10;

    private final GatewayOptions options;
    private final TreeMap<Long, BatchOffsets> ends = new TreeMap<>();
    private @Nullable BatchOffsets base;

    // for this life of the driver
    private transient long recoveredThrough;
    private transient long freedThrough;
    private transient @Nullable OffsetCommitter committer;
    private transient @Nullable RefusalListener refusals;
    private transient @Nullable BackpressureController backpressure;

    GatewayInputDStream(StreamingContext context, GatewayOptions options) {
        super(context, ClassTag$.MODULE$.apply(StreamElement.class));
        this.options = options;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        recoveredThrough = ends.isEmpty() ? 0 : ends.lastKey();
    }

    /** Spark tells much about every stream, under the stream's own name: it belongs to Spark's log level. */
    @Override
    public String logName() {
        return ReceiverInputDStream.class.getName();
    }

    /** Called once at every start of the driver, new or recovered, before any batch: opens the run. */
    @Override
    @SuppressWarnings("unchecked") // the receiver stores chunks, and the RDD makes elements of them
    public Receiver<StreamElement> getReceiver() {
        GatewayClient client = GatewayClient.ofThisJvm();
        BatchOffsets newest = ends.isEmpty() ? base : ends.lastEntry().getValue();
        OffsetsResponse offsets = client.beginRun(
                options.group(), UUID.randomUUID().toString(), newest == null ? List.of() : newest.positions());
        BatchOffsets.refuseOtherLog(offsets, options, newest);
        if (base == null) {
            base = BatchOffsets.committed(offsets);
        }
        LOG.info(
                "group {} at gateway {}: epoch {}, from {}",
                options.group(),
                offsets.getGateway(),
                offsets.getEpoch(),
                newest == null ? base : newest);
        committer = new OffsetCommitter(client, options.group(), offsets.getEpoch());
        refusals = new RefusalListener(id());
        ssc().addStreamingListener(refusals);
        return (Receiver<StreamElement>) (Receiver<?>) new GatewayReceiver(
                options,
                offsets.getEpoch(),
                offsets.getKeyGroupCount(),
                slideDuration().milliseconds());
    }

    @Override
    public void stop() {
        if (committer != null) {
            committer.close();
        }
    }

    /** In place of Spark's own: one that counts waiting batches as well. */
    @Override
    public Option<RateController> rateController() {
        return Option.apply(backpressure());
    }

    BackpressureController backpressure() {
        if (backpressure == null) {
            backpressure = BackpressureController.of(id(), ssc());
        }
        return backpressure;
    }

    /** Events per key group that came through since the first batch of all, up to and including the batch of that time. */
    SortedMap<Integer, Long> pulled(long batchMs) {
        synchronized (graph()) { // Spark holds it whenever it calls the door
            Map.Entry<Long, BatchOffsets> through = ends.floorEntry(batchMs);
            return base == null
                    ? new TreeMap<>()
                    : (through == null ? base : through.getValue()).eventsByKeyGroup(base);
        }
    }

    @Override
    public Option<RDD<StreamElement>> compute(Time time) {
        if (committer != null && refusals != null) {
            committer.check();
            refusals.check();
        }
        List<ReceivedBlockInfo> blocks = blocks(time);
        BatchOffsets from = endsOf(time.$minus(slideDuration()));
        BatchOffsets to = endsOf(time);
        List<BatchPlan.Piece> plan = BatchPlan.of(
                from, to, blocks.stream().map(GatewayInputDStream::ranges).toList(), options.gapEvents());
        BlockId[] all = blocks.stream().map(ReceivedBlockInfo::blockId).toArray(BlockId[]::new);
        int cores = ssc().sparkContext().defaultParallelism() - 1; // the receiver has one
        return GatewayRDD.batch(
                this, all, BatchPlan.tasks(plan, cores), to.eventsSince(from), to.tick(time.milliseconds()));
    }

    /** Where a batch ends: a pure function of the checkpointed ends and of Spark's record of blocks and batches. */
    private BatchOffsets endsOf(Time time) {
        long ms = time.milliseconds();
        if (base == null) {
            throw new IllegalStateException("batch " + ms + ": before the run has begun");
        }
        long at = zeroTime().milliseconds();
        BatchOffsets found = base;
        Map.Entry<Long, BatchOffsets> known = ends.floorEntry(ms);
        if (known != null) {
            at = known.getKey();
            found = known.getValue();
        } else if (ms > at && !ends.isEmpty()) {
            throw new IllegalStateException("batch " + ms + ": older than all retained, " + ends.firstKey());
        }
        for (at += slideDuration().milliseconds();
                at <= ms;
                at += slideDuration().milliseconds()) {
            found = found.after(rangesThrough(at).toList());
            ends.put(at, found);
        }
        return found;
    }

    /**
     * What the batch's own blocks hold, and those of batches that were settled before this start: when Spark has lost its
     * record, new blocks can fall to an old batch and reach beyond it.
     */
    private Stream<BlockRange> rangesThrough(long ms) {
        Stream<Long> settled = ends.headMap(Math.min(ms, recoveredThrough + 1)).keySet().stream();
        return Stream.concat(settled, Stream.of(ms))
                .flatMap(at -> blocks(new Time(at)).stream())
                .flatMap(block -> ranges(block).stream());
    }

    private List<ReceivedBlockInfo> blocks(Time time) {
        return CollectionConverters.asJava(ssc().scheduler().receiverTracker().getBlocksOfBatchAndStream(time, id()));
    }

    private static List<BlockRange> ranges(ReceivedBlockInfo block) {
        Option<Object> metadata = block.metadataOption();
        return metadata.isDefined() ? BlockRange.ofMetadata(metadata.get()) : List.of();
    }

    /** Windows make Spark remember its input; the blocks needn't stay that long, as the gateway still has the events. */
    @Override
    public void clearMetadata(Time time) {
        super.clearMetadata(time);
        long through = time.milliseconds() - KEEP_BLOCKS * slideDuration().milliseconds();
        CollectionConverters.asJava(generatedRDDs()).forEach((at, rdd) -> {
            if (at.milliseconds() > freedThrough && at.milliseconds() <= through) {
                ((BlockRDD<?>) rdd).removeBlocks();
            }
        });
        freedThrough = Math.max(freedThrough, through);
    }

    /**
     * Called, perhaps several times, when the checkpoint of the completed batch {@code time} is on disk: batches that no
     * recovery can ask for are committed and forgotten.
     */
    @Override
    public void clearCheckpointData(Time time) {
        super.clearCheckpointData(time);
        long reach = rememberDuration().milliseconds()
                + OLDER_CHECKPOINTS * slideDuration().milliseconds();
        Map.Entry<Long, BatchOffsets> settled = ends.floorEntry(time.milliseconds() - reach);
        BatchOffsets through = settled == null ? base : settled.getValue();
        if (through != null && committer != null) {
            committer.commit(through.positions());
        }
        if (settled != null) {
            ends.headMap(settled.getKey()).clear();
        }
    }
}
