package io.tidegate.processor.dstream;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * An RDD each partition of which is made of the partitions of the same number of its parents: one task computes them all, and
 * nothing is shuffled. Of our own, since Spark's operators clean a closure for each RDD, which costs an empty batch more than
 * all the rest, and since they keep what they combine in maps that estimate their size again and again.
 *
 * @param <T> its elements
 */
abstract class AlignedRDD<T> extends RDD<T> {
    private static final long serialVersionUID = 1;

    /** The partitions of that number of all parents, in their order. */
    private record Part(int index, List<Partition> parents) implements Partition {}

    /** What a task reads. */
    interface Inputs {
        /** The elements of a parent, by its index; called at most once for each. */
        <P> Iterator<P> of(int parent);
    }

    /**
     * Of these parents.
     *
     * @param parents one at least; all have the same number of partitions
     */
    AlignedRDD(List<? extends RDD<?>> parents, Class<?> elements) {
        super(parents.get(0).context(), dependencies(parents), ClassTag$.MODULE$.apply(elements));
    }

    private static Seq<Dependency<?>> dependencies(List<? extends RDD<?>> parents) {
        List<Dependency<?>> dependencies =
                parents.stream().<Dependency<?>>map(OneToOneDependency::new).toList();
        return CollectionConverters.asScala(dependencies).toSeq();
    }

    /** What Spark itself says about an RDD belongs to Spark's log level. */
    @Override
    public String logName() {
        return RDD.class.getName();
    }

    /** Spark takes them away when the RDD has been checkpointed: what this one keeps of them must not hold them. */
    private List<RDD<?>> parents() {
        return CollectionConverters.asJava(dependencies()).stream()
                .<RDD<?>>map(Dependency::rdd)
                .toList();
    }

    @Override
    public Partition[] getPartitions() {
        List<Partition[]> parents = parents().stream().map(RDD::partitions).toList();
        return IntStream.range(0, parents.get(0).length)
                .mapToObj(i -> new Part(
                        i, parents.stream().map(partitions -> partitions[i]).toList()))
                .toArray(Partition[]::new);
    }

    @Override
    public scala.collection.Iterator<T> compute(Partition split, TaskContext task) {
        List<RDD<?>> parents = parents();
        List<Partition> partitions = ((Part) split).parents();
        return CollectionConverters.asScala(compute(new Inputs() {
            @Override
            @SuppressWarnings("unchecked") // who reads a parent knows what it holds
            public <P> Iterator<P> of(int parent) {
                return CollectionConverters.asJava(
                        ((RDD<P>) parents.get(parent)).iterator(partitions.get(parent), task));
            }
        }));
    }

    /** The elements of a partition; in a task. */
    abstract Iterator<T> compute(Inputs inputs);

    /** The entries of a map as pairs. */
    static <K, V> Iterator<Tuple2<K, V>> pairs(Map<K, V> values) {
        return values.entrySet().stream()
                .map(entry -> new Tuple2<>(entry.getKey(), entry.getValue()))
                .iterator();
    }
}
