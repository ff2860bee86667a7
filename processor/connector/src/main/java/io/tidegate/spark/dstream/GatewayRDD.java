package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.ChunkSlicer;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.OffsetRange;
import io.tidegate.spark.client.internal.Retry;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.StreamElement;
import io.tidegate.spark.event.Tick;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.BlockRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.InputDStream;
import org.apache.spark.streaming.scheduler.StreamInputInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * One batch. A task takes its events from the block, when that is still there and holds what it should; otherwise it
 * reads them from the gateway again, trying until it answers.
 *
 * <p>It is a {@link BlockRDD} because Spark frees the blocks of no other RDD: all of them, also those that the door cut
 * off entirely. It stays valid after that.
 */
final class GatewayRDD extends BlockRDD<StreamElement> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(GatewayRDD.class);
    private static final ClassTag<byte[]> CHUNK = ClassTag$.MODULE$.apply(byte[].class);

    private final transient Part[] partitions;

    /**
     * A piece of a batch, or its tick.
     *
     * @param block where the events are likely to be; null: only at the gateway
     * @param tick not null: the partition is the batch's tick and has no events
     */
    record Part(
            int index,
            @Nullable BlockId block,
            List<OffsetRange> ranges,
            @Nullable Tick tick) implements Partition {}

    private GatewayRDD(SparkContext context, BlockId[] blocks, Part[] partitions) {
        super(context, blocks, ClassTag$.MODULE$.apply(StreamElement.class));
        this.partitions = partitions;
    }

    /**
     * A batch of a stream: its pieces, and its tick as a partition of its own. Spark's pages count its events.
     *
     * @param blocks all blocks of the batch, also those that no piece is in; a piece has the index of its block
     */
    static Option<RDD<StreamElement>> batch(
            InputDStream<StreamElement> stream,
            BlockId[] blocks,
            List<BatchPlan.Piece> pieces,
            long events,
            Tick tick) {
        List<Part> parts = new ArrayList<>(pieces.size() + 1);
        for (BatchPlan.Piece piece : pieces) {
            BlockId block = piece.block() == BatchPlan.NO_BLOCK ? null : blocks[piece.block()];
            parts.add(new Part(parts.size(), block, piece.ranges(), null));
        }
        parts.add(new Part(parts.size(), null, List.of(), tick));
        stream.ssc()
                .scheduler()
                .inputInfoTracker()
                .reportInfo(
                        new Time(tick.batchMs()),
                        new StreamInputInfo(stream.id(), events, StreamInputInfo.$lessinit$greater$default$3()));
        return Option.apply(new GatewayRDD(stream.ssc().sparkContext(), blocks, parts.toArray(Part[]::new)));
    }

    /** What Spark itself says about an RDD belongs to Spark's log level. */
    @Override
    public String logName() {
        return BlockRDD.class.getName();
    }

    @Override
    public boolean isValid() {
        return true;
    }

    @Override
    public Partition[] getPartitions() {
        return partitions;
    }

    @Override
    public Seq<String> getPreferredLocations(Partition partition) {
        BlockId block = ((Part) partition).block();
        Option<Seq<String>> hosts =
                block == null ? Option.empty() : getBlockIdLocations().get(block);
        return hosts.isDefined()
                ? hosts.get()
                : CollectionConverters.asScala(List.<String>of()).toSeq();
    }

    @Override
    public scala.collection.Iterator<StreamElement> compute(Partition split, TaskContext task) {
        Part partition = (Part) split;
        List<? extends StreamElement> elements = partition.tick() != null
                ? List.of(partition.tick())
                : fromBlock(partition).orElseGet(() -> fromGateway(partition.ranges()));
        return CollectionConverters.asScala(
                elements.stream().map(StreamElement.class::cast).iterator());
    }

    private static Optional<List<EventChunk>> fromBlock(Part partition) {
        if (partition.block() == null) {
            return Optional.empty();
        }
        Option<BlockResult> block = SparkEnv.get().blockManager().get(partition.block(), CHUNK);
        if (block.isEmpty()) {
            return Optional.empty();
        }
        Iterator<Object> chunks = CollectionConverters.asJava(block.get().data());
        Optional<List<EventChunk>> parts = ChunkSlicer.cut(partition.ranges(), all(chunks));
        if (parts.isEmpty()) {
            LOG.warn("block {}: without {} (it is read again)", partition.block(), partition.ranges());
        }
        return parts;
    }

    /** Reads to the end, which releases the block. */
    private static List<byte[]> all(Iterator<Object> chunks) {
        List<byte[]> all = new ArrayList<>();
        chunks.forEachRemaining(chunk -> all.add((byte[]) chunk));
        return all;
    }

    private static List<EventChunk> fromGateway(List<OffsetRange> ranges) {
        GatewayClient gateway = GatewayClient.ofThisJvm();
        List<EventChunk> chunks = new ArrayList<>();
        for (OffsetRange range : ranges) {
            LOG.debug("{}: read again", range);
            chunks.addAll(gateway.read(range, Retry.FOR_EVER));
        }
        return chunks;
    }
}
