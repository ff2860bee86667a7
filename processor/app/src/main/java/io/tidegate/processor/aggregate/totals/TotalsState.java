package io.tidegate.processor.aggregate.totals;

import io.tidegate.processor.aggregate.EvictionCounts;
import io.tidegate.processor.aggregate.GroupState;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.persistent.Encoding;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.SerializationProxy;
import io.tidegate.processor.persistent.TimedMap;
import io.tidegate.processor.persistent.TimerQueue;
import io.tidegate.processor.result.Result;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The running totals of all keys of a state group. A key is kept for ever, unless the query bounds how many there are or
 * how long one may go without events; a key that comes back after that begins anew.
 *
 * <p>A batch costs what its keys cost, not what the state holds.
 */
public final class TotalsState implements GroupState {

    /** When a key is to be published. */
    private static final int DUE = 0;
    /** When a key changed last. */
    private static final int CHANGED = 1;

    private static final List<ToLongFunction<RunningTotal>> TIMES =
            List.of(RunningTotal::dueMs, RunningTotal::changedMs);

    /** Before the first batch. */
    public static final TotalsState EMPTY =
            new TotalsState(TimedMap.of(PersistentMap.empty(), TIMES), EvictionCounts.NOTHING);

    private final TimedMap<RunningTotal> keys;
    private final EvictionCounts evictions;

    private TotalsState(TimedMap<RunningTotal> keys, EvictionCounts evictions) {
        this.keys = keys;
        this.evictions = evictions;
    }

    /**
     * The state after a batch, and the keys that changed and may be published again. What is dropped or forgotten is
     * published before, if it has changed since.
     *
     * @param input a {@link TotalsPartial} or a tick alone
     * @param batchTimeMs the batch's time; greater than that of the batch before
     */
    public StateUpdate<TotalsState> advance(Partial input, long batchTimeMs, TotalsAggregation query) {
        Map<String, KeyTotal> changes = changes(input);
        long nowMs = input.seenThroughMs() == Partial.NO_TICK ? batchTimeMs : input.seenThroughMs();
        TreeSet<String> touched = new TreeSet<>(changes.keySet());
        touched.addAll(keys.by(DUE).before(batchTimeMs + 1));
        TimedMap<RunningTotal> after = keys;
        List<Result> results = new ArrayList<>();
        for (String key : touched) {
            RunningTotal total = changed(keys.get(key), changes.get(key), query, nowMs);
            if (total.dueMs() <= batchTimeMs) {
                total = total.published(batchTimeMs);
                results.add(total.result(query, key));
            }
            after = after.with(key, total);
        }
        List<String> old = query.forgetAfterMs() == TotalsAggregation.NEVER
                ? List.of()
                : after.by(CHANGED).before(nowMs - query.forgetAfterMs());
        after = without(old, after, batchTimeMs, query, results);
        List<String> excess = after.by(CHANGED).earliest(Math.max(0, after.size() - query.maxKeys()));
        after = without(excess, after, batchTimeMs, query, results);
        EvictionCounts all = evictions.plus(excess.size(), old.size(), batchTimeMs);
        return new StateUpdate<>(new TotalsState(after, all), results);
    }

    private static TimedMap<RunningTotal> without(
            List<String> gone,
            TimedMap<RunningTotal> keys,
            long batchTimeMs,
            TotalsAggregation query,
            List<Result> results) {
        TimedMap<RunningTotal> left = keys;
        for (String key : gone) {
            RunningTotal last = Objects.requireNonNull(keys.get(key));
            if (last.dueMs() != TimerQueue.NEVER) {
                results.add(last.published(batchTimeMs).result(query, key));
            }
            left = left.with(key, null);
        }
        return left;
    }

    private static RunningTotal changed(
            @Nullable RunningTotal before, @Nullable KeyTotal more, TotalsAggregation query, long nowMs) {
        if (before == null) {
            return RunningTotal.of(Objects.requireNonNull(more, "only a key that is kept waits"), nowMs);
        }
        return more == null ? before : before.plus(more, query, nowMs);
    }

    private static Map<String, KeyTotal> changes(Partial input) {
        if (input instanceof TotalsPartial totals) {
            return totals.keys().asMap();
        }
        if (input instanceof TickPartial) {
            return Map.of();
        }
        throw new IllegalArgumentException(
                "input: " + input.getClass().getSimpleName() + " (expected: TotalsPartial or TickPartial)");
    }

    /** Nothing: a task already knows that all its events are applied. */
    @Override
    public LedgerCounts ledger() {
        return LedgerCounts.NONE;
    }

    /** How many keys there are. */
    public int size() {
        return keys.size();
    }

    @Override
    public StateSize stateSize() {
        return evictions.size(size(), estimatedSize());
    }

    @Override
    public long estimatedSize() {
        // The map has the text of a key that came first, the queues have the one that came last.
        return 64 + 400L * keys.size() + 2 * keys.keyBytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TotalsState state && keys.equals(state.keys) && evictions.equals(state.evictions);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels: the times follow from the keys. */
    public static final class Form extends SerializationProxy<TotalsState> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(TotalsState value, DataOutput out) throws IOException {
            value.evictions.write(out);
            Encoding.writeMap(out, value.keys.entries(), Encoding::text, RunningTotal::write);
        }

        @Override
        protected TotalsState read(DataInput in) throws IOException {
            EvictionCounts evictions = EvictionCounts.read(in);
            return new TotalsState(
                    TimedMap.of(Encoding.readMap(in, Encoding::readText, RunningTotal::read), TIMES), evictions);
        }
    }
}
