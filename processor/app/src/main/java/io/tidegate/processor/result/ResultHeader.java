package io.tidegate.processor.result;

import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.Subject;
import io.tidegate.protocol.TopicLevel;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What every result has.
 *
 * @param subject the query
 * @param key canonical text of the {@code by} values; {@link KeyCodec#NONE} for a result about all keys
 * @param rev counts the published versions of an id, from 1
 * @param batch the batch's time, epoch milliseconds
 */
public record ResultHeader(Subject subject, String key, long rev, long batch) implements Serializable {

    /** Query and key as levels of a topic, {@code query/level/level}; ids start with it as well. */
    public String path() {
        StringBuilder path = new StringBuilder(TopicLevel.of(subject.query()));
        for (Object value : KeyCodec.decode(key)) {
            path.append('/').append(level(value));
        }
        return path.toString();
    }

    private static String level(@Nullable Object value) {
        return TopicLevel.of(value == null ? null : KeyCodec.text(value));
    }
}
