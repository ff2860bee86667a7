package io.tidegate.processor.windows;

import io.tidegate.processor.result.Aggregate;
import io.tidegate.processor.result.Figures;
import io.tidegate.processor.result.Header;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.Shape;
import io.tidegate.processor.result.Span;
import io.tidegate.processor.result.Subject;
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
public record WindowSpec(Subject subject, int query, Set<Aggregate> compute, long windowMs) implements Serializable {

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
        Span span = Span.endingAt(endMs, windowMs, startedMs);
        List<Result> results = new ArrayList<>();
        window.forEach(query, (key, content) -> {
            Header header = new Header(subject, key, 1, endMs);
            results.add(result(header, span, content));
        });
        results.sort(Comparator.comparing(result -> result.header().key()));
        return results;
    }

    private WindowResult result(Header header, Span span, WindowValue.Content content) {
        Shape shape = Shape.of(content.values(), content.distribution(), compute);
        return new WindowResult(header, span, content.count(), Figures.of(content.values()), shape, compute);
    }
}
