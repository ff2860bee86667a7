package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.GroupState;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.counts.CountsAggregation;
import io.tidegate.processor.aggregate.top.TopAggregation;
import io.tidegate.processor.aggregate.windows.WindowAggregation;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.spark.event.StreamElement;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.StateSpec;
import org.apache.spark.streaming.api.java.JavaDStream;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import org.apache.spark.streaming.dstream.DStream;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/** Builds the graph of a {@link JobPlan} behind a door; once, when there is no checkpoint. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class StreamGraph {

    /** So many batches behind a slide, nothing that is not a pane is asked for, unless something was lost. */
    private static final int KEEP_BATCHES = 20;

    private final JobPlan plan;
    private final PartialsDStream partials;
    private final List<ResultBranch<?>> branches = new ArrayList<>();
    private final EarlyEviction eviction;

    private StreamGraph(JobPlan plan, DStream<StreamElement> door) {
        this.plan = plan;
        eviction = new EarlyEviction(new Duration(plan.longestSlide().toMillis())
                .$plus(door.slideDuration().$times(KEEP_BATCHES)));
        partials = new PartialsDStream(door, plan);
        partials.persist(StorageLevel.MEMORY_AND_DISK()); // states and windows take the same objects
        eviction.source(partials);
    }

    /** From the door to the only output operation. */
    public static void build(JobPlan plan, JavaDStream<StreamElement> door) {
        StreamGraph graph = new StreamGraph(plan, door.dstream());
        graph.states();
        graph.counts();
        plan.windows().forEach(graph::window);
        ResultsDStream results = new ResultsDStream(door.dstream().slideDuration(), graph.branches, graph.eviction);
        new JavaDStream<>(results, ClassTag$.MODULE$.apply(BatchOutput.class)).foreachRDD(new PublishBatch(plan));
    }

    private void states() {
        JavaPairDStream<QueryKey, Partial> stateful = JavaPairDStream.fromPairDStream(
                        partials, ClassTag$.MODULE$.apply(QueryKey.class), ClassTag$.MODULE$.apply(Partial.class))
                .filter(new Stateful(plan));
        eviction.derived(stateful.dstream());
        JavaDStream<BatchOutput> outputs = stateful.mapWithState(
                StateSpec.<QueryKey, Partial, GroupState, BatchOutput>function(new UpdateState(plan))
                        .partitioner(partials.partitioner()));
        eviction.derived(outputs.dstream());
        branches.add(new ResultBranch<>(outputs.dstream(), new ResultBranch.OfStates()));
    }

    private void counts() {
        List<CountsAggregation> queries = plan.aggregations(CountsAggregation.class, plan.indices());
        if (!queries.isEmpty()) {
            branches.add(new ResultBranch<>(partials, new ResultBranch.OfCounts(queries)));
        }
    }

    private void window(JobPlan.SharedWindow window) {
        PanesDStream panes = new PanesDStream(partials, window.space());
        WindowDStream values = new WindowDStream(panes, window);
        // Values stay objects, since a slide changes few of their keys; panes are bytes, since there are many.
        // Both may go to the disk, so that a full memory does not send Spark back to the log.
        values.persist(StorageLevel.MEMORY_AND_DISK());
        panes.persist(StorageLevel.MEMORY_AND_DISK_SER());
        eviction.accumulated(values);
        branches.add(new ResultBranch<>(
                values,
                new ResultBranch.OfWindow(
                        plan.aggregations(WindowAggregation.class, window.members()),
                        plan.aggregations(TopAggregation.class, window.members()))));
    }

    private record Stateful(JobPlan plan) implements Function<Tuple2<QueryKey, Partial>, Boolean> {
        @Override
        public Boolean call(Tuple2<QueryKey, Partial> pair) {
            return plan.isStateful(pair._1);
        }
    }
}
