package io.tidegate.gateway.ingest.mqtt;

import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.StrictUtf8;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic, split and checked; and a filter's levels to hold it against. */
record Topic(List<String> levels) {

    static Topic of(String topic, Limits limits) throws MalformedInput {
        if (topic.isEmpty()) {
            throw new MalformedInput(
                    Reason.EMPTY_TOPIC, "topic: empty (expected: a topic; topic aliases are not used)");
        }
        List<String> levels = split(topic, limits.topicLevels());
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw new MalformedInput(Reason.TOPIC_CHARACTER, "topic: holds a wildcard");
        }
        try {
            StrictUtf8.kept("topic", topic);
        } catch (MalformedInput e) {
            throw new MalformedInput(Reason.TOPIC_CHARACTER, String.valueOf(e.getMessage()));
        }
        return new Topic(levels);
    }

    /** What stands at the wildcards of the filter; null when the topic does not fit it. */
    @Nullable
    List<String> match(List<String> filter) {
        if (filter.size() != levels.size()) {
            return null;
        }
        List<String> names = new ArrayList<>(2);
        for (int i = 0; i < filter.size(); i++) {
            if (filter.get(i).equals("+")) {
                names.add(levels.get(i));
            } else if (!filter.get(i).equals(levels.get(i))) {
                return null;
            }
        }
        return names;
    }

    private static List<String> split(String topic, int most) throws MalformedInput {
        List<String> levels = new ArrayList<>(4);
        int start = 0;
        for (int end = topic.indexOf('/'); end >= 0; end = topic.indexOf('/', start)) {
            levels.add(topic.substring(start, end));
            start = end + 1;
            if (levels.size() >= most) {
                throw new MalformedInput(
                        Reason.TOPIC_TOO_DEEP, "topic: too many levels (expected: at most " + most + ")");
            }
        }
        levels.add(topic.substring(start));
        return levels;
    }
}
