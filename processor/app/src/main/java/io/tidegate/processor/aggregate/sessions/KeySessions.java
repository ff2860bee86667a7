package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.persistent.Encoding;
import io.tidegate.processor.persistent.TimerQueue;
import io.tidegate.processor.result.SessionResult;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * What is remembered of one key.
 *
 * @param live the sessions that events may still join, in order of start: no two of them within the gap
 * @param greatestMs the key's greatest event time
 * @param lastReceivedMs its greatest time of receipt
 * @param lateWaiting late events that wait for the next session
 * @param tickMs when seenThrough is greater than this, there is something to do: a silence, or forgetting the key
 */
record KeySessions(List<Session> live, long greatestMs, long lastReceivedMs, long lateWaiting, long tickMs) {

    /** A key that was never seen. */
    static final KeySessions UNKNOWN = new KeySessions(List.of(), Long.MIN_VALUE, Long.MIN_VALUE, 0, TimerQueue.NEVER);

    /** The key's watermark. */
    static long watermarkMs(long greatestMs, SessionsAggregation query) {
        return greatestMs == Long.MIN_VALUE ? Long.MIN_VALUE : greatestMs - query.allowedLatenessMs();
    }

    /** The same with the tick that its sessions ask for. */
    KeySessions awaiting(SessionsAggregation query) {
        long tick = lastReceivedMs + query.forgetAfterMs();
        for (Session session : live) {
            tick = Math.min(tick, session.silentAfterMs(query));
        }
        return new KeySessions(live, greatestMs, lastReceivedMs, lateWaiting, tick);
    }

    /** The batch time from which one of its sessions is to be published; {@link TimerQueue#NEVER} without. */
    long dueMs() {
        return live.stream().mapToLong(Session::dueMs).min().orElse(TimerQueue.NEVER);
    }

    /** What is published of the key when it is dropped: its open sessions are closed. */
    List<SessionResult> finalResults(SessionsAggregation query, String key, long batchMs) {
        return live.stream()
                .filter(session -> session.open() || session.dueMs() != TimerQueue.NEVER)
                .map(session -> session.closed().published(batchMs).result(query, key))
                .toList();
    }

    void write(DataOutput out) throws IOException {
        Encoding.writeList(out, live, Session::write);
        out.writeLong(greatestMs);
        out.writeLong(lastReceivedMs);
        out.writeLong(lateWaiting);
        out.writeLong(tickMs);
    }

    static KeySessions read(DataInput in) throws IOException {
        return new KeySessions(
                Encoding.readList(in, Session::read), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
}
