package io.tidegate.processor.sql;

import io.tidegate.processor.partial.Observation;
import io.tidegate.processor.sessions.OneKey;
import io.tidegate.processor.sessions.SessionsSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.TaskContext;
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
import scala.Tuple2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The sessions of each key, as {@code transformWithState} keeps them: the key's state as bytes, and one timer for whatever
 * is to be done without an event. Spark's watermark is what the gateway has seen through, so a timer runs when silence is
 * certain; the watermark of a key is in its state. One task, one thread.
 *
 * <p>A key is one row of Spark's state, so that the rows that Spark counts are keys. While there are more of them than the
 * query may keep, a key is forgotten when its last session is over, and not after {@code forgetAfterMs}; the driver says so
 * in a local property of the job.
 *
 * <p>A timer is left where it is when something new is due later: it then finds nothing to do, and is set anew. So a key
 * that keeps sending costs no timer per batch.
 */
final class SessionsProcessor extends StatefulProcessor<String, Row, Told> {
    private static final long serialVersionUID = 1;

    /** The form of the state: that of a row, and that of its bytes. */
    static final String FORMAT = "2." + OneKey.FORMAT;

    /** The local property of a job that is {@code true} while there are more keys than may be kept. */
    static final String FULL = "tidegate.sessions.full";

    private final SessionsSpec spec;
    private final SessionsSpec shortLived;
    /** The time of the key's timer, or {@link OneKey#NEVER}, and the state of {@link OneKey}. */
    private transient @Nullable ValueState<Tuple2<Long, byte[]>> state;

    SessionsProcessor(SessionsSpec spec) {
        this.spec = spec;
        shortLived = spec.forgettingAfter(0);
    }

    @Override
    public void init(OutputMode mode, TimeMode time) {
        state = getHandle()
                .getValueState("sessions", Encoders.tuple(Encoders.LONG(), Encoders.BINARY()), TTLConfig.NONE());
    }

    @Override
    public Iterator<Told> handleInputRows(String key, Iterator<Row> rows, TimerValues times) {
        List<Observation> events = new ArrayList<>();
        while (rows.hasNext()) {
            events.add(Arrivals.observation(rows.next()));
        }
        Tuple2<Long, byte[]> before = kept().get();
        return advance(key, before, before == null ? OneKey.NEVER : before._1, events, times);
    }

    /** The timer is gone already. */
    @Override
    public Iterator<Told> handleExpiredTimer(String key, TimerValues times, ExpiredTimerInfo expired) {
        return advance(key, kept().get(), OneKey.NEVER, List.of(), times);
    }

    private Iterator<Told> advance(
            String key,
            @Nullable Tuple2<Long, byte[]> before,
            long timerMs,
            List<Observation> events,
            TimerValues times) {
        long batchMs = times.getCurrentProcessingTimeInMs();
        long seenThroughMs = times.getCurrentWatermarkInMs();
        boolean full = Boolean.parseBoolean(TaskContext.get().getLocalProperty(FULL));
        OneKey.Turn turn = new OneKey(full ? shortLived : spec, key)
                .advance(before == null ? null : before._2, events, batchMs, seenThroughMs);
        // Batch time is not known to timers, which run by what was seen through: about the same, and checked again
        // then.
        long wakeMs = wakeAt(
                Math.min(turn.tickMs() == OneKey.NEVER ? OneKey.NEVER : turn.tickMs() + 1, turn.dueMs()),
                timerMs,
                seenThroughMs);
        if (turn.state() == null) {
            kept().clear();
        } else {
            kept().update(new Tuple2<>(wakeMs, turn.state()));
        }
        boolean dropped = full && before != null && turn.state() == null;
        return CollectionConverters.asScala(
                turn.results().isEmpty() && turn.late() == 0 && !dropped
                        ? Collections.<Told>emptyIterator()
                        : List.of(new Told(batchMs, turn.results(), turn.late(), dropped))
                                .iterator());
    }

    /**
     * Sees to it that there is a timer at that time or earlier, but not in this batch.
     *
     * @param timerMs of the timer that there is, or {@link OneKey#NEVER}
     * @return the time of the timer that there is now
     */
    private long wakeAt(long wantedMs, long timerMs, long seenThroughMs) {
        long atMs = wantedMs == OneKey.NEVER ? OneKey.NEVER : Math.max(wantedMs, seenThroughMs + 1);
        if (timerMs > seenThroughMs && timerMs <= atMs) {
            return timerMs;
        }
        if (timerMs != OneKey.NEVER) {
            getHandle().deleteTimer(timerMs);
        }
        if (atMs != OneKey.NEVER) {
            getHandle().registerTimer(atMs);
        }
        return atMs;
    }

    private ValueState<Tuple2<Long, byte[]>> kept() {
        if (state == null) {
            throw new IllegalStateException("Spark calls init first");
        }
        return state;
    }
}
