package io.tidegate.processor.result;

import java.io.IOException;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A session as it stands.
 *
 * @param state what became of it
 * @param session its identity: the start as first published, epoch milliseconds
 * @param into the identity of the session that it became a part of; only when merged
 * @param startMs the time of its first event
 * @param endMs the time of its last event
 * @param events how many
 * @param late events of the key that came too late for the session before it
 * @param metrics by name
 */
public record SessionResult(
        Header header,
        State state,
        long session,
        @Nullable Long into,
        long startMs,
        long endMs,
        long events,
        long late,
        SortedMap<String, Metric> metrics)
        implements Result {

    /** What became of a session. */
    public enum State {
        /** Events may still join. */
        OPEN,
        /** No event came for long enough; one that is not late may open it again. */
        CLOSED,
        /** It is part of another session now. */
        MERGED
    }

    /** One metric in it: events, figures of their values and the last value. */
    public record Metric(
            long count, Figures figures, @Nullable Double last) implements Serializable {}

    @Override
    public String kind() {
        return "sessions";
    }

    @Override
    public String id() {
        return header.path() + "/" + session;
    }

    @Override
    public boolean retained() {
        return true;
    }

    @Override
    public void writeBody(JsonBody body) throws IOException {
        body.whole("session", session);
        body.text("state", state.name().toLowerCase(Locale.ROOT));
        if (into != null) {
            body.whole("into", into);
        }
        body.time("start", startMs);
        body.time("end", endMs);
        body.whole("durationMs", endMs - startMs);
        body.whole("events", events);
        body.whole("late", late);
        body.object("metrics", () -> {
            for (Map.Entry<String, Metric> metric : metrics.entrySet()) {
                body.object(metric.getKey(), () -> write(metric.getValue(), body));
            }
        });
    }

    private static void write(Metric metric, JsonBody body) throws IOException {
        body.whole("count", metric.count);
        body.number("min", metric.figures.min());
        body.number("max", metric.figures.max());
        body.number("mean", metric.figures.mean());
        body.number("last", metric.last);
    }
}
