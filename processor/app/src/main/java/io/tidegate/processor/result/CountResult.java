package io.tidegate.processor.result;

import java.io.IOException;

/**
 * A key in one batch alone; its {@code end} is the batch's time.
 *
 * @param count events
 * @param figures of their values
 */
public record CountResult(Header header, long count, Figures figures) implements Result {

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
    public void writeBody(Body body) throws IOException {
        body.time("end", header.batch());
        body.whole("count", count);
        body.number("sum", figures.sum());
    }
}
