package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.windows.WindowValue;
import io.tidegate.processor.dstream.JobPlan.SharedWindow;
import io.tidegate.processor.key.QueryKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.rdd.RDD;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.DStream;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Tuple2;

/**
 * The values of a sliding window: each is made of the one before, without the panes that leave and with those that enter. As
 * Spark's {@code reduceByKeyAndWindow}, but it moves only what it is made of, as all of it is partitioned alike.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class WindowDStream extends DerivedDStream<Tuple2<QueryKey, WindowValue>> {
    private static final long serialVersionUID = 1;

    private final DStream<Tuple2<QueryKey, WindowValue>> panes;
    private final Duration window;

    /** @param panes those that it has are kept for as long as the window */
    WindowDStream(DStream<Tuple2<QueryKey, WindowValue>> panes, SharedWindow window) {
        super(new Duration(window.slideMs()), List.of(panes), Tuple2.class);
        this.panes = panes;
        this.window = new Duration(window.windowMs());
    }

    /** Each value is made of the one before: without checkpoints, of all there ever were. */
    @Override
    public boolean mustCheckpoint() {
        return true;
    }

    @Override
    public Duration parentRememberDuration() {
        return rememberDuration().$plus(window);
    }

    @Override
    public Option<RDD<Tuple2<QueryKey, WindowValue>>> compute(Time time) {
        Time before = time.$minus(slideDuration());
        Option<RDD<Tuple2<QueryKey, WindowValue>>> previous =
                zeroTime().less(before) ? getOrCompute(before) : Option.empty();
        List<RDD<Tuple2<QueryKey, WindowValue>>> leaving = panes(before.$minus(window), time.$minus(window));
        List<RDD<Tuple2<QueryKey, WindowValue>>> entering = panes(before, time);
        List<RDD<?>> parents = new ArrayList<>(leaving);
        parents.addAll(entering);
        if (previous.isDefined()) {
            parents.add(previous.get());
        }
        return Option.apply(new Slide(parents, leaving.size(), entering.size()));
    }

    /** The panes behind one time up to another, and including that one. */
    private List<RDD<Tuple2<QueryKey, WindowValue>>> panes(Time from, Time through) {
        List<RDD<Tuple2<QueryKey, WindowValue>>> some = new ArrayList<>();
        for (Time at = from.$plus(panes.slideDuration()); at.lessEq(through); at = at.$plus(panes.slideDuration())) {
            if (zeroTime().less(at)) {
                panes.getOrCompute(at).foreach(some::add);
            }
        }
        return some;
    }

    /** The value at one time; its parents are the panes that leave, those that enter, and the value before, if there is one. */
    private static final class Slide extends AlignedRDD<Tuple2<QueryKey, WindowValue>> {
        private static final long serialVersionUID = 1;

        private final int leaving;
        private final int entering;
        private final boolean first;

        Slide(List<RDD<?>> parents, int leaving, int entering) {
            super(parents, Tuple2.class);
            this.leaving = leaving;
            this.entering = entering;
            first = parents.size() == leaving + entering;
        }

        @Override
        Iterator<Tuple2<QueryKey, WindowValue>> compute(Inputs inputs) {
            Map<QueryKey, WindowValue> values = merged(inputs, leaving, leaving + entering);
            if (!first) {
                Map<QueryKey, WindowValue> left = merged(inputs, 0, leaving);
                inputs.<Tuple2<QueryKey, WindowValue>>of(leaving + entering)
                        .forEachRemaining(pair -> values.merge(
                                pair._1,
                                without(pair._2, left.get(pair._1)),
                                (entered, rest) -> WindowValue.merge(rest, entered)));
            }
            values.values().removeIf(WindowValue::isEmpty);
            return pairs(values);
        }

        private static WindowValue without(WindowValue value, @Nullable WindowValue leaving) {
            return leaving == null ? value : WindowValue.inverse(value, leaving);
        }

        private static Map<QueryKey, WindowValue> merged(Inputs inputs, int from, int until) {
            Map<QueryKey, WindowValue> merged = new HashMap<>();
            for (int parent = from; parent < until; parent++) {
                inputs.<Tuple2<QueryKey, WindowValue>>of(parent)
                        .forEachRemaining(pair -> merged.merge(pair._1, pair._2, WindowValue::merge));
            }
            return merged;
        }
    }
}
