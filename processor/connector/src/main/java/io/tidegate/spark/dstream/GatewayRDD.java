package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.ChunkSlicer;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.OffsetRange;
import io.tidegate.spark.client.internal.Retry;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.StreamElement;
import io.tidegate.spark.event.Tick;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
 * One batch. A task takes its events from blocks, when they are still there and hold what they should; otherwise it reads
 * them from the gateway again, trying until it answers.
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
     * Part of a batch: what one task has of it.
     *
     * @param tick that of the batch, in its last part; otherwise null
     */
    private record Part(
            int index, List<Source> sources, @Nullable Tick tick) implements Partition {}

    /**
     * Where to read a piece of a batch.
     *
     * @param block where the events are likely to be; null: only at the gateway
     */
    private record Source(@Nullable BlockId block, List<OffsetRange> ranges) implements Serializable {

        List<EventChunk> chunks() {
            return fromBlock().orElseGet(this::fromGateway);
        }

        private Optional<List<EventChunk>> fromBlock() {
            if (block == null) {
                return Optional.empty();
            }
            Option<BlockResult> stored = SparkEnv.get().blockManager().get(block, CHUNK);
            if (stored.isEmpty()) {
                return Optional.empty();
            }
            Optional<List<EventChunk>> parts = ChunkSlicer.cut(
                    ranges, all(CollectionConverters.asJava(stored.get().data())));
            if (parts.isEmpty()) {
                LOG.warn("block {}: without {} (it is read again)", block, ranges);
            }
            return parts;
        }

        /** Reads to the end, which releases the block. */
        private static List<byte[]> all(Iterator<Object> chunks) {
            List<byte[]> all = new ArrayList<>();
            chunks.forEachRemaining(chunk -> all.add((byte[]) chunk));
            return all;
        }

        private List<EventChunk> fromGateway() {
            GatewayClient gateway = GatewayClient.ofThisJvm();
            List<EventChunk> chunks = new ArrayList<>();
            for (OffsetRange range : ranges) {
                LOG.debug("{}: read again", range);
                chunks.addAll(gateway.read(range, Retry.FOR_EVER));
            }
            return chunks;
        }
    }

    private GatewayRDD(SparkContext context, BlockId[] blocks, Part[] partitions) {
        super(context, blocks, ClassTag$.MODULE$.apply(StreamElement.class));
        this.partitions = partitions;
    }

    /**
     * A batch of a stream; the last of its tasks has the tick as well. Spark's pages count its events.
     *
     * @param blocks all blocks of the batch, also those that no piece is in; a piece has the index of its block
     * @param tasks the pieces, dealt to tasks
     */
    static Option<RDD<StreamElement>> batch(
            InputDStream<StreamElement> stream,
            BlockId[] blocks,
            List<List<BatchPlan.Piece>> tasks,
            long events,
            Tick tick) {
        Part[] parts = new Part[tasks.size()];
        for (int i = 0; i < parts.length; i++) {
            List<Source> sources =
                    tasks.get(i).stream().map(piece -> source(piece, blocks)).toList();
            parts[i] = new Part(i, sources, i == parts.length - 1 ? tick : null);
        }
        stream.ssc()
                .scheduler()
                .inputInfoTracker()
                .reportInfo(
                        new Time(tick.batchMs()),
                        new StreamInputInfo(stream.id(), events, StreamInputInfo.$lessinit$greater$default$3()));
        return Option.apply(new GatewayRDD(stream.ssc().sparkContext(), blocks, parts));
    }

    private static Source source(BatchPlan.Piece piece, BlockId[] blocks) {
        return new Source(piece.block() == BatchPlan.NO_BLOCK ? null : blocks[piece.block()], piece.ranges());
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
        Set<String> hosts = new LinkedHashSet<>();
        for (Source source : ((Part) partition).sources()) {
            if (source.block() != null) {
                getBlockIdLocations().get(source.block()).foreach(at -> hosts.addAll(CollectionConverters.asJava(at)));
            }
        }
        return CollectionConverters.asScala(new ArrayList<>(hosts)).toSeq();
    }

    @Override
    public scala.collection.Iterator<StreamElement> compute(Partition split, TaskContext task) {
        Part part = (Part) split;
        Stream<StreamElement> events = part.sources().stream().flatMap(source -> source.chunks().stream());
        return CollectionConverters.asScala(
                Stream.concat(events, Stream.ofNullable(part.tick())).iterator());
    }
}
