package io.tidegate.processor.sql;

import io.tidegate.processor.partial.Observation;
import io.tidegate.processor.sessions.OneKey;
import io.tidegate.processor.sessions.SessionsSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.ExpiredTimerInfo;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.StatefulProcessor;
import org.apache.spark.sql.streaming.TTLConfig;
import org.apache.spark.sql.streaming.TimeMode;
import org.apache.spark.sql.streaming.TimerValues;
import org.apache.spark.sql.streaming.ValueState;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The sessions of each key, as {@code transformWithState} keeps them: the key's state as bytes, and one timer for whatever
 * is to be done without an event. Spark's watermark is what the gateway has seen through, so a timer runs when silence is
 * certain; the watermark of a key is in its state. One task, one thread.
 *
 * <p>A timer is left where it is when something new is due later: it then finds nothing to do, and is set anew. So a key
 * that keeps sending costs no timer per batch.
 */
final class SessionsProcessor extends StatefulProcessor<String, Row, Told> {
    private static final long serialVersionUID = 1;

    private final SessionsSpec spec;
    private transient @Nullable ValueState<byte[]> state;
    private transient @Nullable ValueState<Long> timer;

    SessionsProcessor(SessionsSpec spec) {
        this.spec = spec;
    }

    @Override
    public void init(OutputMode mode, TimeMode time) {
        state = getHandle().getValueState("sessions", Encoders.BINARY(), TTLConfig.NONE());
        timer = getHandle().getValueState("timer", Encoders.LONG(), TTLConfig.NONE());
    }

    @Override
    public Iterator<Told> handleInputRows(String key, Iterator<Row> rows, TimerValues times) {
        List<Observation> events = new ArrayList<>();
        while (rows.hasNext()) {
            events.add(Arrivals.observation(rows.next()));
        }
        return advance(key, events, times);
    }

    /** The timer is gone already. */
    @Override
    public Iterator<Told> handleExpiredTimer(String key, TimerValues times, ExpiredTimerInfo expired) {
        kept(timer).clear();
        return advance(key, List.of(), times);
    }

    private Iterator<Told> advance(String key, List<Observation> events, TimerValues times) {
        long batchMs = times.getCurrentProcessingTimeInMs();
        long seenThroughMs = times.getCurrentWatermarkInMs();
        ValueState<byte[]> kept = kept(state);
        OneKey.Turn turn =
                new OneKey(spec, key).advance(kept.exists() ? kept.get() : null, events, batchMs, seenThroughMs);
        if (turn.state() == null) {
            kept.clear();
        } else {
            kept.update(turn.state());
        }
        // Batch time is not known to timers, which run by what was seen through: about the same, and checked again
        // then.
        wakeAt(Math.min(turn.tickMs() == OneKey.NEVER ? OneKey.NEVER : turn.tickMs() + 1, turn.dueMs()), seenThroughMs);
        return CollectionConverters.asScala(
                turn.results().isEmpty() && turn.late() == 0
                        ? Collections.<Told>emptyIterator()
                        : List.of(new Told(batchMs, turn.results(), turn.late()))
                                .iterator());
    }

    /** Sees to it that there is a timer at that time or earlier, but not in this batch. */
    private void wakeAt(long wantedMs, long seenThroughMs) {
        ValueState<Long> set = kept(timer);
        long atMs = wantedMs == OneKey.NEVER ? OneKey.NEVER : Math.max(wantedMs, seenThroughMs + 1);
        long nowMs = set.exists() ? set.get() : OneKey.NEVER;
        if (nowMs > seenThroughMs && nowMs <= atMs) {
            return;
        }
        if (set.exists()) {
            getHandle().deleteTimer(nowMs);
            set.clear();
        }
        if (atMs != OneKey.NEVER) {
            getHandle().registerTimer(atMs);
            set.update(atMs);
        }
    }

    private static <T> ValueState<T> kept(@Nullable ValueState<T> state) {
        if (state == null) {
            throw new IllegalStateException("Spark calls init first");
        }
        return state;
    }
}
