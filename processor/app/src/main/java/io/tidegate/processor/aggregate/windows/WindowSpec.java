package io.tidegate.processor.aggregate.windows;

import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.DistributionFigures;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.ResultHeader;
import io.tidegate.processor.result.SummaryFigures;
import io.tidegate.processor.result.TimeWindow;
import io.tidegate.processor.result.WindowResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A window query.
 *
 * @param query its index, under which its keys stand in a {@link WindowValue}
 * @param compute what it asks for
 * @param windowMs the window's length
 */
public record WindowSpec(Subject subject, int query, Set<AggregateFunction> compute, long windowMs)
        implements Serializable {

    /** Keeps its own copy. */
    public WindowSpec {
        compute = Set.copyOf(compute);
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
