package io.tidegate.processor.result;

import java.io.IOException;

/**
 * A key in one batch alone; its {@code end} is the batch's time.
 *
 * @param count events
 * @param figures of their values
 */
public record CountResult(ResultHeader header, long count, SummaryFigures figures) implements Result {

    @Override
    public String kind() {
        return "counts";
    }

    @Override
    public String id() {
        return header.path() + "/" + header.batch();
    }

    @Override
    public boolean retained() {
        return false;
    }

    @Override
    public void writeFields(FieldWriter writer) throws IOException {
        writer.time("end", header.batch());
        writer.whole("count", count);
        writer.number("sum", figures.sum());
    }
}
