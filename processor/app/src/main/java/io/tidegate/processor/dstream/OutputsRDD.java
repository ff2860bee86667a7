package io.tidegate.processor.dstream;

import io.tidegate.processor.sink.FlatMapIterator;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * The outputs of a batch. All its branches are partitioned by state group alike, so a partition of it is the partitions of
 * that number of all branches, one after the other: one task computes and delivers them, and nothing is shuffled. An RDD
 * of our own, since Spark's union, map and coalesce would cost more for an empty batch than all the rest: each is an RDD
 * and a closure to clean for each branch.
 */
final class OutputsRDD extends RDD<BatchOutput> {
    private static final long serialVersionUID = 1;

    private final List<Source<?>> sources;
    private final int partitions;
    private final long batchMs;
    private final long startedMs;

    /** The batch of a branch. */
    record Source<T>(RDD<T> rdd, ResultBranch.Outputs<T> outputs) implements Serializable {

        Iterator<BatchOutput> compute(Partition partition, TaskContext task, long batchMs, long startedMs) {
            return new FlatMapIterator<>(
                    CollectionConverters.asJava(rdd.iterator(partition, task)),
                    element -> outputs.of(element, batchMs, startedMs).iterator());
        }
    }

    /** The partitions of that number of all sources, in their order. */
    private record Part(int index, List<Partition> parents) implements Partition {}

    /**
     * The outputs of these sources.
     *
     * @param partitions as many as each source has
     * @param startedMs the time before the first batch of all
     */
    OutputsRDD(SparkContext context, List<Source<?>> sources, int partitions, long batchMs, long startedMs) {
        super(context, dependencies(sources), ClassTag$.MODULE$.apply(BatchOutput.class));
        this.sources = sources;
        this.partitions = partitions;
        this.batchMs = batchMs;
        this.startedMs = startedMs;
    }

    private static Seq<Dependency<?>> dependencies(List<Source<?>> sources) {
        List<Dependency<?>> dependencies = sources.stream()
                .<Dependency<?>>map(source -> new OneToOneDependency<>(source.rdd()))
                .toList();
        return CollectionConverters.asScala(dependencies).toSeq();
    }

    @Override
    public Partition[] getPartitions() {
        return IntStream.range(0, partitions)
                .mapToObj(i -> new Part(
                        i,
                        sources.stream()
                                .map(source -> source.rdd().partitions()[i])
                                .toList()))
                .toArray(Partition[]::new);
    }

    @Override
    public scala.collection.Iterator<BatchOutput> compute(Partition split, TaskContext task) {
        List<Partition> parents = ((Part) split).parents();
        Iterator<Integer> each = IntStream.range(0, sources.size()).iterator();
        return CollectionConverters.asScala(new FlatMapIterator<Integer, BatchOutput>(
                each, i -> sources.get(i).compute(parents.get(i), task, batchMs, startedMs)));
    }
}
