package io.tidegate.processor.aggregate.counts;

import io.tidegate.processor.aggregate.Aggregation;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.windows.WindowPartial;
import io.tidegate.processor.aggregate.windows.WindowPartialBuilder;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.CountResult;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.ResultHeader;
import io.tidegate.processor.result.SummaryFigures;
import io.tidegate.processor.sketch.Distribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A counts query: one batch by itself.
 *
 * @param query its index, under which its keys stand in a {@link WindowPartial}
 */
public record CountsAggregation(Subject subject, int query) implements Aggregation {

    @Override
    public PartialBuilder builder(int stateGroups) {
        return new WindowPartialBuilder(query, Distribution.Spec.NOTHING, stateGroups);
    }

    /** The results of a batch, by key. */
    public List<Result> results(WindowPartial batch, long batchTimeMs) {
        List<Result> results = new ArrayList<>();
        batch.cells().asMap().forEach((cell, pane) -> {
            if (cell.query() == query) {
                ResultHeader header = new ResultHeader(subject, cell.key(), 1, batchTimeMs);
                results.add(new CountResult(header, pane.count(), SummaryFigures.of(pane.values())));
            }
        });
        results.sort(Comparator.comparing(result -> result.header().key()));
        return results;
    }
}
