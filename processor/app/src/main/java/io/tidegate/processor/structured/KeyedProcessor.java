package io.tidegate.processor.structured;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.SingleKeyAggregation;
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
 * What is kept of each key, by {@code transformWithState}: the key's state as bytes, and one timer for whatever
 * is to be done without an event. Spark's watermark is what the gateway has seen through, so a timer runs when silence is
 * certain; the watermark of a key is in its state. One task, one thread.
 *
 * <p>A key is one row of Spark's state, so that the rows that Spark counts are keys. While there are more of them than the
 * query may keep, a key is forgotten as soon as its aggregation can spare it; the driver says so in a local property of the
 * job.
 *
 * <p>A timer is left where it is when something new is due later: it then finds nothing to do, and is set anew. So a key
 * that keeps sending costs no timer per batch.
 */
final class KeyedProcessor extends StatefulProcessor<String, Row, KeyedUpdate> {
    private static final long serialVersionUID = 1;

    /** The form of a row of the state, which holds the bytes of a {@link SingleKeyAggregation}. */
    static final int FORMAT = 3;

    /** The local property of a job that is {@code true} while there are more keys than may be kept. */
    static final String FULL = "tidegate.keys.full";

    private final SingleKeyAggregation query;
    /** The time of the key's timer, or {@link SingleKeyAggregation#NEVER}, and what the aggregation keeps. */
    private transient @Nullable ValueState<Tuple2<Long, byte[]>> state;

    KeyedProcessor(SingleKeyAggregation query) {
        this.query = query;
    }

    @Override
    public void init(OutputMode mode, TimeMode time) {
        state = getHandle()
                .getValueState("state", Encoders.tuple(Encoders.LONG(), Encoders.BINARY()), TTLConfig.NONE());
    }

    @Override
    public Iterator<KeyedUpdate> handleInputRows(String key, Iterator<Row> rows, TimerValues times) {
        List<InputEvent> events = new ArrayList<>();
        while (rows.hasNext()) {
            events.add(KeyedEvents.inputEvent(rows.next()));
        }
        Tuple2<Long, byte[]> before = kept().get();
        return advance(key, before, before == null ? SingleKeyAggregation.NEVER : before._1, events, times);
    }

    /** The timer is gone already. */
    @Override
    public Iterator<KeyedUpdate> handleExpiredTimer(String key, TimerValues times, ExpiredTimerInfo expired) {
        return advance(key, kept().get(), SingleKeyAggregation.NEVER, List.of(), times);
    }

    private Iterator<KeyedUpdate> advance(
            String key,
            @Nullable Tuple2<Long, byte[]> before,
            long timerMs,
            List<InputEvent> events,
            TimerValues times) {
        long batchMs = times.getCurrentProcessingTimeInMs();
        long seenThroughMs = times.getCurrentWatermarkInMs();
        boolean full = Boolean.parseBoolean(TaskContext.get().getLocalProperty(FULL));
        SingleKeyAggregation.Update update = query.advance(
                key,
                before == null ? null : before._2,
                new SingleKeyAggregation.Batch(events, batchMs, seenThroughMs, full));
        // Batch time is not known to timers, which run by what was seen through: about the same, and checked again
        // then.
        long wakeMs = wakeAt(
                Math.min(
                        update.tickMs() == SingleKeyAggregation.NEVER
                                ? SingleKeyAggregation.NEVER
                                : update.tickMs() + 1,
                        update.dueMs()),
                timerMs,
                seenThroughMs);
        if (update.state() == null) {
            kept().clear();
        } else {
            kept().update(new Tuple2<>(wakeMs, update.state()));
        }
        boolean dropped = full && before != null && update.state() == null;
        return CollectionConverters.asScala(
                update.results().isEmpty() && update.late() == 0 && !dropped
                        ? Collections.<KeyedUpdate>emptyIterator()
                        : List.of(new KeyedUpdate(batchMs, List.copyOf(update.results()), update.late(), dropped))
                                .iterator());
    }

    /**
     * Sees to it that there is a timer at that time or earlier, but not in this batch.
     *
     * @param timerMs of the timer that there is, or {@link SingleKeyAggregation#NEVER}
     * @return the time of the timer that there is now
     */
    private long wakeAt(long wantedMs, long timerMs, long seenThroughMs) {
        long atMs = wantedMs == SingleKeyAggregation.NEVER
                ? SingleKeyAggregation.NEVER
                : Math.max(wantedMs, seenThroughMs + 1);
        if (timerMs > seenThroughMs && timerMs <= atMs) {
            return timerMs;
        }
        if (timerMs != SingleKeyAggregation.NEVER) {
            getHandle().deleteTimer(timerMs);
        }
        if (atMs != SingleKeyAggregation.NEVER) {
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
