package io.tidegate.processor.result;

import java.io.IOException;
import java.util.Set;

/**
 * A key in a window.
 *
 * @param count events; 0 once, when the last one left the window
 * @param figures of their values
 * @param shape how they are distributed
 * @param computed what the query asks for; a count of 0 is published in any case
 */
public record WindowResult(Header header, Span span, long count, Figures figures, Shape shape, Set<Aggregate> computed)
        implements Result {

    @Override
    public String kind() {
        return "windows";
    }

    @Override
    public String id() {
        return header.path() + "/" + span.endMs();
    }

    @Override
    public boolean retained() {
        return false;
    }

    @Override
    public void writeBody(Body body) throws IOException {
        span.write(body);
        for (Aggregate aggregate : Aggregate.values()) {
            if (computed.contains(aggregate) || (aggregate == Aggregate.COUNT && count == 0)) {
                write(aggregate, body);
            }
        }
    }

    private void write(Aggregate aggregate, Body body) throws IOException {
        switch (aggregate) {
            case COUNT -> body.whole(aggregate.label(), count);
            case SUM -> body.number(aggregate.label(), figures.sum());
            case MEAN -> body.number(aggregate.label(), figures.mean());
            case MIN -> body.number(aggregate.label(), figures.min());
            case MAX -> body.number(aggregate.label(), figures.max());
            case STDDEV -> body.number(aggregate.label(), shape.stddev());
            case P50 -> body.number(aggregate.label(), shape.p50());
            case P95 -> body.number(aggregate.label(), shape.p95());
            case P99 -> body.number(aggregate.label(), shape.p99());
            case DISTINCT -> distinct(body);
        }
    }

    private void distinct(Body body) throws IOException {
        body.whole(Aggregate.DISTINCT.label(), shape.distinct());
        if (!shape.exact()) {
            body.truth("approximate", true);
        }
    }
}
