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
public record TotalResult(ResultHeader header, long count, SummaryFigures figures, long sinceMs, long untilMs)
        implements Result {

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
    public void writeFields(FieldWriter writer) throws IOException {
        writer.whole("count", count);
        writer.number("sum", figures.sum());
        writer.number("mean", figures.mean());
        writer.number("min", figures.min());
        writer.number("max", figures.max());
        writer.time("since", sinceMs);
        writer.time("until", untilMs);
    }
}
