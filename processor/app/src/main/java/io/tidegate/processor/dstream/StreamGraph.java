package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.GroupState;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.counts.CountsAggregation;
import io.tidegate.processor.aggregate.top.TopAggregation;
import io.tidegate.processor.aggregate.windows.WindowAggregation;
import io.tidegate.processor.aggregate.windows.WindowValue;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.spark.event.StreamElement;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.StateSpec;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.api.java.JavaDStream;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/** Builds the graph of a {@link JobPlan} behind a door; once, when there is no checkpoint. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class StreamGraph {

    /** So many batches behind a slide, nothing that is not a pane is asked for, unless something was lost. */
    private static final int KEEP_BATCHES = 20;

    private final JobPlan plan;
    private final Partitioner partitioner;
    private final JavaPairDStream<QueryKey, Partial> partials;
    private final List<ResultBranch<?>> branches = new ArrayList<>();
    private final EarlyEviction eviction;

    private StreamGraph(JobPlan plan, JavaDStream<StreamElement> door) {
        this.plan = plan;
        partitioner = new HashPartitioner(plan.partitions());
        eviction = new EarlyEviction(new Duration(plan.longestSlide().toMillis())
                .$plus(door.dstream().slideDuration().$times(KEEP_BATCHES)));
        partials = derived(door.mapPartitionsToPair(new AggregatePartition(plan)))
                .reduceByKey(new MergePartials(), partitioner);
        partials.persist(StorageLevel.MEMORY_AND_DISK()); // states and windows take the same objects
        eviction.source(partials.dstream());
    }

    private <V> JavaPairDStream<QueryKey, V> derived(JavaPairDStream<QueryKey, V> stream) {
        eviction.derived(stream.dstream());
        return stream;
    }

    /** From the door to the only output operation. */
    public static void build(JobPlan plan, JavaDStream<StreamElement> door) {
        StreamGraph graph = new StreamGraph(plan, door);
        graph.states();
        graph.counts();
        plan.windows().forEach(graph::window);
        ResultsDStream results = new ResultsDStream(
                door.dstream().ssc(),
                door.dstream().slideDuration(),
                plan.partitions(),
                graph.branches,
                graph.eviction);
        new JavaDStream<>(results, ClassTag$.MODULE$.apply(BatchOutput.class)).foreachRDD(new PublishBatch(plan));
    }

    private void states() {
        JavaDStream<BatchOutput> outputs = derived(partials.filter(new Stateful(plan)))
                .mapWithState(StateSpec.<QueryKey, Partial, GroupState, BatchOutput>function(new UpdateState(plan))
                        .partitioner(partitioner));
        eviction.derived(outputs.dstream());
        branches.add(new ResultBranch<>(outputs.dstream(), new ResultBranch.OfStates()));
    }

    private void counts() {
        List<CountsAggregation> queries = plan.aggregations(CountsAggregation.class, plan.indices());
        if (!queries.isEmpty()) {
            List<Integer> spaces =
                    queries.stream().map(CountsAggregation::query).toList();
            branches.add(new ResultBranch<>(
                    derived(partials.filter(new InSpaces(spaces))).dstream(), new ResultBranch.OfCounts(queries)));
        }
    }

    private void window(JobPlan.SharedWindow window) {
        JavaPairDStream<QueryKey, Partial> batches = derived(partials.filter(new InSpaces(List.of(window.space()))));
        JavaPairDStream<QueryKey, WindowValue> values = derived(batches.transformToPair(new Panes()))
                .reduceByKeyAndWindow(
                        new MergeWindows(),
                        new InverseWindows(),
                        new Duration(window.windowMs()),
                        new Duration(window.slideMs()),
                        partitioner,
                        new NotEmpty());
        // Values stay objects, since a slide changes few of their keys; panes are bytes, since there are many.
        // Both may go to the disk, so that a full memory does not send Spark back to the log.
        values.persist(StorageLevel.MEMORY_AND_DISK());
        values.dstream().dependencies().head().persist(StorageLevel.MEMORY_AND_DISK_SER());
        eviction.accumulated(values.dstream());
        branches.add(new ResultBranch<>(
                values.dstream(),
                new ResultBranch.OfWindow(
                        plan.aggregations(WindowAggregation.class, window.members()),
                        plan.aggregations(TopAggregation.class, window.members()))));
    }

    private record MergePartials() implements Function2<Partial, Partial, Partial> {
        @Override
        public Partial call(Partial one, Partial other) {
            return one.merge(other);
        }
    }

    private record Stateful(JobPlan plan) implements Function<Tuple2<QueryKey, Partial>, Boolean> {
        @Override
        public Boolean call(Tuple2<QueryKey, Partial> pair) {
            return plan.isStateful(pair._1);
        }
    }

    /** The partials of some spaces of keys, without ledgers. */
    private record InSpaces(List<Integer> spaces) implements Function<Tuple2<QueryKey, Partial>, Boolean> {
        @Override
        public Boolean call(Tuple2<QueryKey, Partial> pair) {
            return pair._1.stateGroup() != QueryKey.LEDGER_GROUP && spaces.contains(pair._1.query());
        }
    }

    /** A batch as the pane of a window: it has to know its time. */
    private record Panes()
            implements Function2<JavaPairRDD<QueryKey, Partial>, Time, JavaPairRDD<QueryKey, WindowValue>> {
        @Override
        public JavaPairRDD<QueryKey, WindowValue> call(JavaPairRDD<QueryKey, Partial> batch, Time time) {
            return batch.mapValues(new Pane(time.milliseconds()));
        }
    }

    private record Pane(long batchMs) implements Function<Partial, WindowValue> {
        @Override
        public WindowValue call(Partial partial) {
            return WindowValue.pane(batchMs, partial);
        }
    }

    private record MergeWindows() implements Function2<WindowValue, WindowValue, WindowValue> {
        @Override
        public WindowValue call(WindowValue one, WindowValue other) {
            return WindowValue.merge(one, other);
        }
    }

    private record InverseWindows() implements Function2<WindowValue, WindowValue, WindowValue> {
        @Override
        public WindowValue call(WindowValue window, WindowValue leaving) {
            return WindowValue.inverse(window, leaving);
        }
    }

    private record NotEmpty() implements Function<Tuple2<QueryKey, WindowValue>, Boolean> {
        @Override
        public Boolean call(Tuple2<QueryKey, WindowValue> pair) {
            return !pair._2.isEmpty();
        }
    }
}
