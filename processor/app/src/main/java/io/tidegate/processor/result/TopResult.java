package io.tidegate.processor.result;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * The keys with the most events in a window.
 *
 * @param header its key is {@link io.tidegate.processor.partial.ByKey#NONE}
 * @param top the most frequent first, ties by key ascending
 * @param distinct how many keys there are
 * @param total events of all of them
 */
public record TopResult(Header header, Span span, List<Entry> top, long distinct, long total) implements Result {

    /**
     * A key and its events.
     *
     * @param key canonical text
     */
    public record Entry(String key, long count) implements Serializable {}

    @Override
    public String kind() {
        return "top";
    }

    @Override
    public String id() {
        return header.path() + "/" + span.endMs();
    }

    @Override
    public boolean retained() {
        return true;
    }

    @Override
    public void writeBody(Body body) throws IOException {
        span.write(body);
        body.list("top", () -> {
            for (Entry entry : top) {
                body.object(null, () -> {
                    body.key(header.subject(), entry.key);
                    body.whole("count", entry.count);
                });
            }
        });
        body.whole("distinct", distinct);
        body.whole("total", total);
    }
}
