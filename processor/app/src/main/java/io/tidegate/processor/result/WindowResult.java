package io.tidegate.processor.result;

import io.tidegate.processor.query.AggregateFunction;
import java.io.IOException;
import java.util.Set;

/**
 * A key in a window.
 *
 * @param count events; 0 once, when the last one left the window
 * @param figures of their values
 * @param distribution how they are distributed
 * @param computed what the query asks for; a count of 0 is published in any case
 */
public record WindowResult(
        ResultHeader header,
        TimeWindow timeWindow,
        long count,
        SummaryFigures figures,
        DistributionFigures distribution,
        Set<AggregateFunction> computed)
        implements Result {

    @Override
    public String kind() {
        return "windows";
    }

    @Override
    public String id() {
        return header.path() + "/" + timeWindow.endMs();
    }

    @Override
    public boolean retained() {
        return false;
    }

    @Override
    public void writeFields(FieldWriter writer) throws IOException {
        timeWindow.write(writer);
        for (AggregateFunction aggregate : AggregateFunction.values()) {
            if (computed.contains(aggregate) || (aggregate == AggregateFunction.COUNT && count == 0)) {
                write(aggregate, writer);
            }
        }
    }

    private void write(AggregateFunction aggregate, FieldWriter writer) throws IOException {
        switch (aggregate) {
            case COUNT -> writer.whole(aggregate.label(), count);
            case SUM -> writer.number(aggregate.label(), figures.sum());
            case MEAN -> writer.number(aggregate.label(), figures.mean());
            case MIN -> writer.number(aggregate.label(), figures.min());
            case MAX -> writer.number(aggregate.label(), figures.max());
            case STDDEV -> writer.number(aggregate.label(), distribution.stddev());
            case P50 -> writer.number(aggregate.label(), distribution.p50());
            case P95 -> writer.number(aggregate.label(), distribution.p95());
            case P99 -> writer.number(aggregate.label(), distribution.p99());
            case DISTINCT -> distinct(writer);
        }
    }

    private void distinct(FieldWriter writer) throws IOException {
        writer.whole(AggregateFunction.DISTINCT.label(), distribution.distinct());
        if (!distribution.exact()) {
            writer.truth("approximate", true);
        }
    }
}
