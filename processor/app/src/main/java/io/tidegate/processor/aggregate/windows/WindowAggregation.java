package io.tidegate.processor.aggregate.windows;

import io.tidegate.processor.aggregate.Aggregation;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.DistributionFigures;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.ResultHeader;
import io.tidegate.processor.result.SummaryFigures;
import io.tidegate.processor.result.TimeWindow;
import io.tidegate.processor.result.WindowResult;
import io.tidegate.processor.sketch.Distribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A window query.
 *
 * @param query its index, under which its keys stand in a {@link WindowValue}
 * @param compute what it asks for
 * @param windowMs the window's length
 */
public record WindowAggregation(Subject subject, int query, Set<AggregateFunction> compute, long windowMs)
        implements Aggregation {

    /** Keeps its own copy. */
    public WindowAggregation {
        compute = Set.copyOf(compute);
    }

    @Override
    public PartialBuilder builder(int stateGroups) {
        return new WindowPartialBuilder(query, distribution(), stateGroups);
    }

    /** What has to be known of the values beside their number and sum. */
    private Distribution.Spec distribution() {
        boolean percentiles = asksFor(AggregateFunction.P50, AggregateFunction.P95, AggregateFunction.P99);
        return new Distribution.Spec(
                asksFor(AggregateFunction.STDDEV),
                percentiles,
                asksFor(AggregateFunction.DISTINCT),
                percentiles || asksFor(AggregateFunction.MIN, AggregateFunction.MAX));
    }

    private boolean asksFor(AggregateFunction... functions) {
        return Stream.of(functions).anyMatch(compute::contains);
    }

    /**
     * The results of a slide: every key with events, and once each key that has none left; by key.
     *
     * @param endMs the batch's time
     * @param startedMs the zero time of the stream
     */
    public List<Result> results(WindowValue window, long endMs, long startedMs) {
        TimeWindow timeWindow = TimeWindow.endingAt(endMs, windowMs, startedMs);
        List<Result> results = new ArrayList<>();
        window.forEach(query, (key, content) -> {
            ResultHeader header = new ResultHeader(subject, key, 1, endMs);
            results.add(result(header, timeWindow, content));
        });
        results.sort(Comparator.comparing(result -> result.header().key()));
        return results;
    }

    private WindowResult result(ResultHeader header, TimeWindow timeWindow, WindowValue.Content content) {
        DistributionFigures shape = DistributionFigures.of(content.values(), content.distribution(), compute);
        return new WindowResult(
                header, timeWindow, content.count(), SummaryFigures.of(content.values()), shape, compute);
    }
}
