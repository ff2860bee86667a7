package io.tidegate.processor.job;

import io.tidegate.processor.partial.Partial;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.query.Kind;
import io.tidegate.processor.state.GroupState;
import io.tidegate.processor.windows.WindowValue;
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

/** Builds the graph of a {@link Plan} behind a door; once, when there is no checkpoint. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class Graph {

    /** So many batches behind a slide, nothing that is not a pane is asked for, unless something was lost. */
    private static final int KEEP_BATCHES = 20;

    private final Plan plan;
    private final Partitioner partitioner;
    private final JavaPairDStream<QueryKey, Partial> partials;
    private final List<Branch<?>> branches = new ArrayList<>();
    private final Passing passing;

    private Graph(Plan plan, JavaDStream<StreamElement> door) {
        this.plan = plan;
        partitioner = new HashPartitioner(plan.partitions());
        passing = new Passing(new Duration(plan.longestSlide().toMillis())
                .$plus(door.dstream().slideDuration().$times(KEEP_BATCHES)));
        partials = derived(door.mapPartitionsToPair(new Split(plan))).reduceByKey(new MergePartials(), partitioner);
        partials.persist(StorageLevel.MEMORY_AND_DISK_SER());
        passing.source(partials.dstream());
    }

    private <V> JavaPairDStream<QueryKey, V> derived(JavaPairDStream<QueryKey, V> stream) {
        passing.derived(stream.dstream());
        return stream;
    }

    /** From the door to the only output operation. */
    public static void build(Plan plan, JavaDStream<StreamElement> door) {
        Graph graph = new Graph(plan, door);
        graph.states();
        graph.counts();
        plan.windows().forEach(graph::window);
        ResultsDStream results = new ResultsDStream(
                door.dstream().ssc(), door.dstream().slideDuration(), plan.partitions(), graph.branches, graph.passing);
        new JavaDStream<>(results, ClassTag$.MODULE$.apply(Outcome.class)).foreachRDD(new Publish(plan));
    }

    private void states() {
        JavaDStream<Outcome> outcomes = derived(partials.filter(new Stateful(plan)))
                .mapWithState(StateSpec.<QueryKey, Partial, GroupState, Outcome>function(new Advance(plan))
                        .partitioner(partitioner));
        passing.derived(outcomes.dstream());
        branches.add(new Branch.States(outcomes.dstream()));
    }

    private void counts() {
        List<Integer> queries = plan.ofKind(Kind.Counts.class);
        if (!queries.isEmpty()) {
            branches.add(new Branch.Counts(
                    derived(partials.filter(new InSpaces(queries))).dstream(), plan));
        }
    }

    private void window(Plan.SharedWindow window) {
        JavaPairDStream<QueryKey, Partial> batches = derived(partials.filter(new InSpaces(List.of(window.space()))));
        JavaPairDStream<QueryKey, WindowValue> values = derived(batches.transformToPair(new Panes()))
                .reduceByKeyAndWindow(
                        new MergeWindows(),
                        new InverseWindows(),
                        new Duration(window.windowMs()),
                        new Duration(window.slideMs()),
                        partitioner,
                        new NotEmpty());
        values.persist(StorageLevel.MEMORY_AND_DISK_SER()); // panes too: a full memory must not send Spark to the log
        List<Integer> plain = new ArrayList<>(window.members());
        plain.removeAll(plan.ofKind(Kind.Top.class));
        if (!plain.isEmpty()) {
            branches.add(new Branch.Windows(values.dstream(), plan, List.copyOf(plain)));
        }
        for (int member : window.members()) {
            if (!plain.contains(member)) {
                branches.add(
                        new Branch.Top(values.dstream(), member, plan.queries().get(member)));
            }
        }
    }

    private static final class MergePartials implements Function2<Partial, Partial, Partial> {
        private static final long serialVersionUID = 1;

        @Override
        public Partial call(Partial one, Partial other) {
            return one.merge(other);
        }
    }

    private static final class Stateful implements Function<Tuple2<QueryKey, Partial>, Boolean> {
        private static final long serialVersionUID = 1;

        private final Plan plan;

        Stateful(Plan plan) {
            this.plan = plan;
        }

        @Override
        public Boolean call(Tuple2<QueryKey, Partial> pair) {
            return plan.isStateful(pair._1);
        }
    }

    /** The partials of some spaces of keys, without ledgers. */
    private static final class InSpaces implements Function<Tuple2<QueryKey, Partial>, Boolean> {
        private static final long serialVersionUID = 1;

        private final List<Integer> spaces;

        InSpaces(List<Integer> spaces) {
            this.spaces = List.copyOf(spaces);
        }

        @Override
        public Boolean call(Tuple2<QueryKey, Partial> pair) {
            return pair._1.stateGroup() != QueryKey.LEDGER_GROUP && spaces.contains(pair._1.query());
        }
    }

    /** A batch as the pane of a window: it has to know its time. */
    private static final class Panes
            implements Function2<JavaPairRDD<QueryKey, Partial>, Time, JavaPairRDD<QueryKey, WindowValue>> {
        private static final long serialVersionUID = 1;

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

    private static final class MergeWindows implements Function2<WindowValue, WindowValue, WindowValue> {
        private static final long serialVersionUID = 1;

        @Override
        public WindowValue call(WindowValue one, WindowValue other) {
            return WindowValue.merge(one, other);
        }
    }

    private static final class InverseWindows implements Function2<WindowValue, WindowValue, WindowValue> {
        private static final long serialVersionUID = 1;

        @Override
        public WindowValue call(WindowValue window, WindowValue leaving) {
            return WindowValue.inverse(window, leaving);
        }
    }

    private static final class NotEmpty implements Function<Tuple2<QueryKey, WindowValue>, Boolean> {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean call(Tuple2<QueryKey, WindowValue> pair) {
            return !pair._2.isEmpty();
        }
    }
}
