package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.counts.CountsAggregation;
import io.tidegate.processor.aggregate.top.TopAggregation;
import io.tidegate.processor.aggregate.windows.WindowAggregation;
import io.tidegate.processor.aggregate.windows.WindowPartial;
import io.tidegate.processor.aggregate.windows.WindowValue;
import io.tidegate.processor.key.QueryKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.streaming.dstream.DStream;
import scala.Tuple2;

/**
 * A stream of the graph that has results.
 *
 * @param stream what is computed before; Spark computes a batch of it once
 * @param outputs how its elements become outputs
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
record ResultBranch<T>(DStream<T> stream, Outputs<T> outputs) implements Serializable {

    /** In a task. */
    @FunctionalInterface
    interface Outputs<T> extends Serializable {

        /**
         * The outputs of an element.
         *
         * @param batchMs the batch's time
         * @param startedMs the time before the first batch of all
         */
        List<BatchOutput> of(T element, long batchMs, long startedMs);
    }

    /** Sessions, totals and ledgers: the state has made its outputs already. */
    record OfStates() implements Outputs<BatchOutput> {
        @Override
        public List<BatchOutput> of(BatchOutput output, long batchMs, long startedMs) {
            return List.of(output);
        }
    }

    /** Counts: the partial aggregates of the batch as they are. */
    record OfCounts(List<CountsAggregation> queries) implements Outputs<Tuple2<QueryKey, Partial>> {
        @Override
        public List<BatchOutput> of(Tuple2<QueryKey, Partial> pair, long batchMs, long startedMs) {
            if (!(pair._2 instanceof WindowPartial batch)) {
                return List.of();
            }
            return queries.stream()
                    .filter(query -> query.query() == pair._1.query())
                    .map(query -> BatchOutput.of(pair._1, query.results(batch, batchMs)))
                    .toList();
        }
    }

    /** Queries that share a window. Keys of the window are those of all of them; each has its outputs under its own. */
    record OfWindow(List<WindowAggregation> windows, List<TopAggregation> tops)
            implements Outputs<Tuple2<QueryKey, WindowValue>> {
        @Override
        public List<BatchOutput> of(Tuple2<QueryKey, WindowValue> pair, long batchMs, long startedMs) {
            int stateGroup = pair._1.stateGroup();
            WindowValue window = pair._2;
            List<BatchOutput> outputs = new ArrayList<>();
            for (WindowAggregation query : windows) {
                outputs.add(BatchOutput.of(
                                new QueryKey(query.query(), stateGroup), query.results(window, batchMs, startedMs))
                        .holding(window.stateSize(query.query())));
            }
            for (TopAggregation query : tops) {
                outputs.add(BatchOutput.ranked(
                                new QueryKey(query.query(), stateGroup), query.ranking(window, batchMs, startedMs))
                        .holding(window.stateSize(query.query())));
            }
            return outputs;
        }
    }
}
