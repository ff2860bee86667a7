package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.persistent.TimerQueue;
import io.tidegate.processor.result.ResultHeader;
import io.tidegate.processor.result.SessionResult;
import io.tidegate.processor.result.SessionResult.Metric;
import io.tidegate.processor.result.SessionResult.State;
import io.tidegate.processor.result.SummaryFigures;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One session that events may still join.
 *
 * <pre>
 *            event                      key's watermark passes end + gap
 *   (none) ─────────▶ OPEN ─────────────────────────────────────────────▶ closed, gone
 *                    ▲    │ silence: seenThrough passes last receipt           ▲
 *   event, not late, │    ▼          + gap + allowed lateness                  │
 *   within the gap   CLOSED (provisional) ─────────────────────────────────────┘
 *
 *   OPEN or CLOSED, joined with an older one: merged, gone
 * </pre>
 *
 * @param identity the start as first published
 * @param rev published versions; 0 before the first
 * @param publishedMs the batch of the last one
 * @param dueMs the batch time from which it is to be published; {@link TimerQueue#NEVER} when nothing changed since
 * @param open whether it is open
 * @param late late events counted in it
 * @param data its events, without key groups
 */
record Session(long identity, long rev, long publishedMs, long dueMs, boolean open, long late, PartialSession data) {

    private static final long AT_ONCE = Long.MIN_VALUE;

    static Session startedBy(PartialSession events) {
        return new Session(events.startMs(), 0, 0, AT_ONCE, true, 0, events.withoutKeyGroups());
    }

    /** With more events; open again if it was closed. */
    Session joinedBy(PartialSession events, SessionsAggregation query) {
        PartialSession all = data.merge(events).withoutKeyGroups();
        return new Session(identity, rev, publishedMs, open ? nextDue(query) : AT_ONCE, true, late, all);
    }

    /** With all of a younger session that events have connected it to. */
    Session joinedBy(Session younger) {
        PartialSession all = data.merge(younger.data);
        return new Session(identity, rev, publishedMs, AT_ONCE, true, late + younger.late, all);
    }

    Session withLate(long more, SessionsAggregation query) {
        return new Session(identity, rev, publishedMs, nextDue(query), open, late + more, data);
    }

    Session closed() {
        return new Session(identity, rev, publishedMs, AT_ONCE, false, late, data);
    }

    Session published(long batchMs) {
        return new Session(identity, rev + 1, batchMs, TimerQueue.NEVER, open, late, data);
    }

    private long nextDue(SessionsAggregation query) {
        return dueMs == AT_ONCE ? AT_ONCE : publishedMs + query.emitEveryMs();
    }

    /** When seenThrough is greater than this, it is closed by silence. */
    long silentAfterMs(SessionsAggregation query) {
        return open ? data.lastReceivedMs() + query.silenceMs() : TimerQueue.NEVER;
    }

    /** What is published, once it is {@link #published}. */
    SessionResult result(SessionsAggregation query, String key) {
        return result(query, key, open ? State.OPEN : State.CLOSED, null);
    }

    /** Its last message, once it is {@link #published}. */
    SessionResult mergedInto(Session older, SessionsAggregation query, String key) {
        return result(query, key, State.MERGED, older.identity);
    }

    private SessionResult result(SessionsAggregation query, String key, State state, @Nullable Long into) {
        ResultHeader header = new ResultHeader(query.subject(), key, rev, publishedMs);
        return new SessionResult(
                header, state, identity, into, data.startMs(), data.endMs(), data.events(), late, content());
    }

    private SessionResult.Content content() {
        if (data.content() instanceof RequestsAggregate requests) {
            return new SessionResult.Visit(
                    data.events(), requests.bytes(), requests.errors(), path(requests.entry()), path(requests.exit()));
        }
        SortedMap<String, Metric> metrics = new TreeMap<>();
        ((ReadingsAggregate) data.content()).byName().forEach((name, stats) -> metrics.put(name, metric(stats)));
        return new SessionResult.Metrics(metrics);
    }

    private static @Nullable String path(RequestsAggregate.@Nullable Page page) {
        return page == null ? null : page.path();
    }

    private static Metric metric(MetricAggregate stats) {
        Double last = stats.last() == null ? null : stats.last().value();
        return new Metric(stats.count(), SummaryFigures.of(stats.values()), last);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(identity);
        out.writeLong(rev);
        out.writeLong(publishedMs);
        out.writeLong(dueMs);
        out.writeBoolean(open);
        out.writeLong(late);
        data.write(out);
    }

    static Session read(DataInput in) throws IOException {
        return new Session(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                in.readLong(),
                PartialSession.read(in));
    }
}
