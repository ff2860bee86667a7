package io.tidegate.processor.job;

import io.tidegate.processor.partial.Partial;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.spark.event.StreamElement;
import java.util.Iterator;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/** From the records of the door to partial aggregates, a partition at a time. */
final class Split implements PairFlatMapFunction<Iterator<StreamElement>, QueryKey, Partial> {
    private static final long serialVersionUID = 1;

    private final Plan plan;

    Split(Plan plan) {
        this.plan = plan;
    }

    @Override
    public Iterator<Tuple2<QueryKey, Partial>> call(Iterator<StreamElement> records) {
        try (Splitter splitter = new Splitter(plan)) {
            records.forEachRemaining(splitter::accept);
            return splitter.partials().iterator();
        }
    }
}
