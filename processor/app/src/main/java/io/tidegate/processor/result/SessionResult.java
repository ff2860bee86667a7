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
 * @param content what its events say
 */
public record SessionResult(
        ResultHeader header,
        State state,
        long session,
        @Nullable Long into,
        long startMs,
        long endMs,
        long events,
        long late,
        Content content)
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

    /** What the events of a session say beyond their number and their times. */
    public sealed interface Content extends Serializable {
        /** Writes its fields. */
        void write(FieldWriter writer) throws IOException;
    }

    /** Of readings: each metric by its name. */
    public record Metrics(SortedMap<String, Metric> byName) implements Content {
        @Override
        public void write(FieldWriter writer) throws IOException {
            writer.object("metrics", metrics -> {
                for (Map.Entry<String, Metric> metric : byName.entrySet()) {
                    metrics.object(metric.getKey(), metric.getValue()::write);
                }
            });
        }
    }

    /** One metric: events, figures of their values and the last value. */
    public record Metric(
            long count, SummaryFigures figures, @Nullable Double last) implements Serializable {
        private void write(FieldWriter writer) throws IOException {
            writer.whole("count", count);
            writer.number("min", figures.min());
            writer.number("max", figures.max());
            writer.number("mean", figures.mean());
            writer.number("last", last);
        }
    }

    /**
     * Of requests: a visit.
     *
     * @param pages requests: {@code where} says which requests are pages
     * @param bytes the sizes of all responses together
     * @param errors requests that were answered with a status of 400 or more
     * @param entry the path of the first request that has one, by time, gateway and offset
     * @param exit the path of the last one
     */
    public record Visit(
            long pages,
            long bytes,
            long errors,
            @Nullable String entry,
            @Nullable String exit) implements Content {
        @Override
        public void write(FieldWriter writer) throws IOException {
            writer.whole("pages", pages);
            writer.whole("bytes", bytes);
            writer.whole("errors", errors);
            if (entry != null) {
                writer.text("entry", entry);
            }
            if (exit != null) {
                writer.text("exit", exit);
            }
        }
    }

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
    public void writeFields(FieldWriter writer) throws IOException {
        writer.whole("session", session);
        writer.text("state", state.name().toLowerCase(Locale.ROOT));
        if (into != null) {
            writer.whole("into", into);
        }
        writer.time("start", startMs);
        writer.time("end", endMs);
        writer.whole("durationMs", endMs - startMs);
        writer.whole("events", events);
        writer.whole("late", late);
        content.write(writer);
    }
}
