package io.tidegate.processor.aggregate.top;

import io.tidegate.processor.aggregate.Aggregation;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.windows.WindowPartialBuilder;
import io.tidegate.processor.aggregate.windows.WindowValue;
import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.ResultHeader;
import io.tidegate.processor.result.TimeWindow;
import io.tidegate.processor.result.TopResult;
import io.tidegate.processor.sketch.Distribution;

/**
 * A top query.
 *
 * @param query its index, under which its keys stand in a {@link WindowValue}
 * @param limit how many keys are published at most
 * @param windowMs the window's length
 */
public record TopAggregation(Subject subject, int query, int limit, long windowMs) implements Aggregation {

    @Override
    public PartialBuilder builder(int stateGroups) {
        return new WindowPartialBuilder(query, Distribution.Spec.NOTHING, stateGroups);
    }

    /**
     * The ranking of a state group.
     *
     * @param endMs the batch's time
     * @param startedMs the zero time of the stream
     */
    public Ranking ranking(WindowValue window, long endMs, long startedMs) {
        Ranking.Builder ranking = new Ranking.Builder(limit, TimeWindow.endingAt(endMs, windowMs, startedMs));
        window.forEachCount(query, ranking::add);
        return ranking.build();
    }

    /**
     * The result of a slide.
     *
     * @param all the merged rankings of all state groups
     */
    public Result result(Ranking all) {
        ResultHeader header =
                new ResultHeader(subject, KeyCodec.NONE, 1, all.timeWindow().endMs());
        return new TopResult(header, all.timeWindow(), all.top(), all.distinct(), all.total());
    }
}
