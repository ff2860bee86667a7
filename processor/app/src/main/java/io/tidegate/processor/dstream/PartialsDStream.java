package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.spark.event.StreamElement;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.HashPartitioner;
import org.apache.spark.Partitioner;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.DStream;
import scala.Option;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The partial aggregates of each batch, one for each query and state group: the tasks that read the events make some, which are
 * shuffled and merged.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class PartialsDStream extends DerivedDStream<Tuple2<QueryKey, Partial>> {
    private static final long serialVersionUID = 1;

    private final DStream<StreamElement> door;
    private final JobPlan plan;
    private final Partitioner partitioner;

    PartialsDStream(DStream<StreamElement> door, JobPlan plan) {
        super(door.slideDuration(), List.of(door), Tuple2.class);
        this.door = door;
        this.plan = plan;
        partitioner = new HashPartitioner(plan.partitions());
    }

    /** How the partials are dealt to partitions. */
    Partitioner partitioner() {
        return partitioner;
    }

    @Override
    public Option<RDD<Tuple2<QueryKey, Partial>>> compute(Time time) {
        Option<RDD<StreamElement>> events = door.getOrCompute(time);
        return events.isEmpty() ? Option.empty() : Option.apply(merged(events.get()));
    }

    private RDD<Tuple2<QueryKey, Partial>> merged(RDD<StreamElement> events) {
        ClassTag<QueryKey> keys = ClassTag$.MODULE$.apply(QueryKey.class);
        ClassTag<Partial> partials = ClassTag$.MODULE$.apply(Partial.class);
        return new Merged(
                new ShuffledRDD<>(new Aggregated(events, plan), partitioner, keys, partials, partials), partitioner);
    }

    /** One partial for each query and state group that a partition of the door has events of. */
    private static final class Aggregated extends AlignedRDD<Tuple2<QueryKey, Partial>> {
        private static final long serialVersionUID = 1;

        private final JobPlan plan;

        Aggregated(RDD<StreamElement> events, JobPlan plan) {
            super(List.of(events), Tuple2.class);
            this.plan = plan;
        }

        @Override
        Iterator<Tuple2<QueryKey, Partial>> compute(Inputs inputs) {
            try (PartitionAggregator aggregator = new PartitionAggregator(plan)) {
                inputs.<StreamElement>of(0).forEachRemaining(aggregator::accept);
                return aggregator.partials().iterator();
            }
        }
    }

    /** One partial for each query and state group. */
    private static final class Merged extends AlignedRDD<Tuple2<QueryKey, Partial>> {
        private static final long serialVersionUID = 1;

        private final Partitioner partitioner;

        Merged(RDD<Tuple2<QueryKey, Partial>> shuffled, Partitioner partitioner) {
            super(List.of(shuffled), Tuple2.class);
            this.partitioner = partitioner;
        }

        @Override
        public Option<Partitioner> partitioner() {
            return Option.apply(partitioner);
        }

        @Override
        Iterator<Tuple2<QueryKey, Partial>> compute(Inputs inputs) {
            Map<QueryKey, Partial> merged = new HashMap<>();
            inputs.<Tuple2<QueryKey, Partial>>of(0)
                    .forEachRemaining(pair -> merged.merge(pair._1, pair._2, Partial::merge));
            return pairs(merged);
        }
    }
}
