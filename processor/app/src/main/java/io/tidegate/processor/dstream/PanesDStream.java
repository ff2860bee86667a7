package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.windows.WindowValue;
import io.tidegate.processor.key.QueryKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.rdd.RDD;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.DStream;
import scala.Option;
import scala.Tuple2;

/** Each batch as the pane of a window. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class PanesDStream extends DerivedDStream<Tuple2<QueryKey, WindowValue>> {
    private static final long serialVersionUID = 1;

    private final DStream<Tuple2<QueryKey, Partial>> partials;
    private final int space;

    /**
     * The panes of a window.
     *
     * @param space that of the window's keys
     */
    PanesDStream(DStream<Tuple2<QueryKey, Partial>> partials, int space) {
        super(partials.slideDuration(), List.of(partials), Tuple2.class);
        this.partials = partials;
        this.space = space;
    }

    @Override
    public Option<RDD<Tuple2<QueryKey, WindowValue>>> compute(Time time) {
        Option<RDD<Tuple2<QueryKey, Partial>>> batch = partials.getOrCompute(time);
        return batch.isEmpty() ? Option.empty() : Option.apply(new Panes(batch.get(), space, time.milliseconds()));
    }

    private static final class Panes extends AlignedRDD<Tuple2<QueryKey, WindowValue>> {
        private static final long serialVersionUID = 1;

        private final int space;
        private final long batchMs;

        Panes(RDD<Tuple2<QueryKey, Partial>> batch, int space, long batchMs) {
            super(List.of(batch), Tuple2.class);
            this.space = space;
            this.batchMs = batchMs;
        }

        @Override
        Iterator<Tuple2<QueryKey, WindowValue>> compute(Inputs inputs) {
            Map<QueryKey, WindowValue> panes = new LinkedHashMap<>();
            inputs.<Tuple2<QueryKey, Partial>>of(0).forEachRemaining(pair -> {
                if (pair._1.query() == space && pair._1.stateGroup() != QueryKey.LEDGER_GROUP) {
                    panes.put(pair._1, WindowValue.pane(batchMs, pair._2));
                }
            });
            return pairs(panes);
        }
    }
}
