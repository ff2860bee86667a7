package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.spark.event.StreamElement;
import java.util.Iterator;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/** From the records of the door to partial aggregates, a partition at a time. */
record AggregatePartition(JobPlan plan) implements PairFlatMapFunction<Iterator<StreamElement>, QueryKey, Partial> {
    @Override
    public Iterator<Tuple2<QueryKey, Partial>> call(Iterator<StreamElement> records) {
        try (PartitionAggregator aggregator = new PartitionAggregator(plan)) {
            records.forEachRemaining(aggregator::accept);
            return aggregator.partials().iterator();
        }
    }
}
