package io.tidegate.processor.result;

import java.io.IOException;

/**
 * A key's running totals.
 *
 * @param count events
 * @param figures of their values
 * @param sinceMs least event time
 * @param untilMs greatest event time
 */
public record TotalResult(Header header, long count, Figures figures, long sinceMs, long untilMs) implements Result {

    @Override
    public String kind() {
        return "totals";
    }

    @Override
    public String id() {
        return header.path();
    }

    @Override
    public boolean retained() {
        return true;
    }

    @Override
    public void writeBody(Body body) throws IOException {
        body.whole("count", count);
        body.number("sum", figures.sum());
        body.number("mean", figures.mean());
        body.number("min", figures.min());
        body.number("max", figures.max());
        body.time("since", sinceMs);
        body.time("until", untilMs);
    }
}
