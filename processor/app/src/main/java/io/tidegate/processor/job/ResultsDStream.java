package io.tidegate.processor.job;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.StreamingContext;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.DStream;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * All results in one stream: it slides with every batch and unites what is due at its time, a window only at its own
 * slides. So one output operation is enough, and each would cost 15 to 20 ms even when it is empty.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class ResultsDStream extends DStream<Outcome> {
    private static final long serialVersionUID = 2;

    private final Duration slide;
    private final int partitions;
    private final List<Branch<?>> branches;
    private final Passing passing;

    ResultsDStream(
            StreamingContext context, Duration slide, int partitions, List<Branch<?>> branches, Passing passing) {
        super(context, ClassTag$.MODULE$.apply(Outcome.class));
        this.slide = slide;
        this.partitions = partitions;
        this.branches = List.copyOf(branches);
        this.passing = passing;
        passing.derived(this);
    }

    @Override
    public Duration slideDuration() {
        return slide;
    }

    @Override
    public scala.collection.immutable.List<DStream<?>> dependencies() {
        List<DStream<?>> parents = new ArrayList<>();
        for (Branch<?> branch : branches) {
            parents.add(branch.stream());
        }
        return Seq.<DStream<?>>from(CollectionConverters.asScala(parents)).toList();
    }

    @Override
    public Option<RDD<Outcome>> compute(Time time) {
        List<JavaRDD<Outcome>> due = new ArrayList<>();
        for (Branch<?> branch : branches) {
            add(branch, time, due);
        }
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(ssc().sparkContext());
        JavaRDD<Outcome> all = due.isEmpty() ? spark.emptyRDD() : spark.union(due.toArray(ResultsDStream::array));
        return Option.apply(all.coalesce(partitions).rdd());
    }

    @Override
    public void clearMetadata(Time time) {
        passing.forget(time);
        super.clearMetadata(time);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
    private static JavaRDD<Outcome>[] array(int length) {
        return new JavaRDD[length];
    }

    private <T> void add(Branch<T> branch, Time time, List<JavaRDD<Outcome>> due) {
        Option<RDD<T>> batch = branch.stream().getOrCompute(time);
        if (batch.isDefined()) {
            due.add(branch.outcomes(batch.get(), time, zeroTime()));
        }
    }
}
