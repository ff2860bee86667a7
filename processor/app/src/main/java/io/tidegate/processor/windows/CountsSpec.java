package io.tidegate.processor.windows;

import io.tidegate.processor.partial.WindowPartial;
import io.tidegate.processor.result.CountResult;
import io.tidegate.processor.result.Figures;
import io.tidegate.processor.result.Header;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.Subject;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A counts query: one batch by itself.
 *
 * @param query its index, under which its keys stand in a {@link WindowPartial}
 */
public record CountsSpec(Subject subject, int query) implements Serializable {

    /** The results of a batch, by key. */
    public List<Result> results(WindowPartial batch, long batchTimeMs) {
        List<Result> results = new ArrayList<>();
        batch.cells().asMap().forEach((cell, pane) -> {
            if (cell.query() == query) {
                Header header = new Header(subject, cell.key(), 1, batchTimeMs);
                results.add(new CountResult(header, pane.count(), Figures.of(pane.values())));
            }
        });
        results.sort(Comparator.comparing(result -> result.header().key()));
        return results;
    }
}
