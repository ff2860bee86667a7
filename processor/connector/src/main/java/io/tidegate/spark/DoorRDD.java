package io.tidegate.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.BlockRDD;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockResult;
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
 * <p>It is a {@link BlockRDD} because only of such a one Spark frees the blocks, all of them, also those that the door
 * cut off entirely; and it stays valid after that.
 */
final class DoorRDD extends BlockRDD<DoorRecord> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(DoorRDD.class);
    private static final ClassTag<byte[]> CHUNK = ClassTag$.MODULE$.apply(byte[].class);

    private final transient DoorPartition[] partitions;

    DoorRDD(SparkContext context, BlockId[] blocks, DoorPartition[] partitions) {
        super(context, blocks, ClassTag$.MODULE$.apply(DoorRecord.class));
        this.partitions = partitions;
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
        BlockId block = ((DoorPartition) partition).block();
        Option<Seq<String>> hosts =
                block == null ? Option.empty() : getBlockIdLocations().get(block);
        return hosts.isDefined()
                ? hosts.get()
                : CollectionConverters.asScala(List.<String>of()).toSeq();
    }

    @Override
    public scala.collection.Iterator<DoorRecord> compute(Partition split, TaskContext task) {
        DoorPartition partition = (DoorPartition) split;
        Iterator<DoorRecord> records = partition.tick() != null
                ? List.<DoorRecord>of(partition.tick()).iterator()
                : fromBlock(partition)
                        .orElseGet(() -> fromGateway(partition.ranges()))
                        .iterator();
        return CollectionConverters.asScala(records);
    }

    private static Optional<List<DoorRecord>> fromBlock(DoorPartition partition) {
        if (partition.block() == null) {
            return Optional.empty();
        }
        Option<BlockResult> block = SparkEnv.get().blockManager().get(partition.block(), CHUNK);
        if (block.isEmpty()) {
            return Optional.empty();
        }
        Iterator<Object> chunks = CollectionConverters.asJava(block.get().data());
        Optional<List<DoorRecord>> slices = Slices.cut(partition.ranges(), all(chunks));
        if (slices.isEmpty()) {
            LOG.warn("block {}: without {} (it is read again)", partition.block(), partition.ranges());
        }
        return slices;
    }

    /** To the end: that releases the block. */
    private static List<byte[]> all(Iterator<Object> chunks) {
        List<byte[]> all = new ArrayList<>();
        chunks.forEachRemaining(chunk -> all.add((byte[]) chunk));
        return all;
    }

    private static List<DoorRecord> fromGateway(List<Range> ranges) {
        GatewayClient gateway = GatewayClient.ofThisJvm();
        List<DoorRecord> slices = new ArrayList<>();
        for (Range range : ranges) {
            LOG.debug("{}: read again", range);
            List<byte[]> chunks = gateway.read(range.keyGroup(), range.from(), range.next());
            slices.addAll(Slices.cut(List.of(range), chunks)
                    .orElseThrow(() -> new IllegalStateException("chunks: a hole (expected: " + range + ")")));
        }
        return slices;
    }
}
