package io.tidegate.processor.result;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * The keys with the most events in a window.
 *
 * @param header its key is {@link io.tidegate.processor.key.KeyCodec#NONE}
 * @param top the most frequent first, ties by key ascending
 * @param distinct how many keys there are
 * @param total events of all of them
 */
public record TopResult(ResultHeader header, TimeWindow timeWindow, List<Entry> top, long distinct, long total)
        implements Result {

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
        return header.path() + "/" + timeWindow.endMs();
    }

    @Override
    public boolean retained() {
        return true;
    }

    @Override
    public void writeFields(FieldWriter writer) throws IOException {
        timeWindow.write(writer);
        writer.list("top", list -> {
            for (Entry entry : top) {
                list.object(null, item -> {
                    item.key(header.subject(), entry.key);
                    item.whole("count", entry.count);
                });
            }
        });
        writer.whole("distinct", distinct);
        writer.whole("total", total);
    }
}
