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
import io.tidegate.processor.persistent.SizedMap;
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
import org.jspecify.annotations.Nullable;

/**
 * The running totals of all keys of a state group. A key is kept for ever, unless the query bounds how many there are or
 * how long one may go without events; a key that comes back after that begins anew.
 *
 * <p>A batch costs what its keys cost, not what the state holds.
 */
public final class TotalsState implements GroupState {

    /** Before the first batch. */
    public static final TotalsState EMPTY = new TotalsState(
            SizedMap.of(PersistentMap.empty()), TimerQueue.NONE, TimerQueue.NONE, EvictionCounts.NOTHING);

    private final SizedMap<RunningTotal> keys;
    private final TimerQueue waiting;
    /** By when keys changed last. */
    private final TimerQueue ages;

    private final EvictionCounts evictions;

    private TotalsState(SizedMap<RunningTotal> keys, TimerQueue waiting, TimerQueue ages, EvictionCounts evictions) {
        this.keys = keys;
        this.waiting = waiting;
        this.ages = ages;
        this.evictions = evictions;
    }

    /**
     * The state after a batch, and the keys that changed and may be published again. What is dropped or forgotten is
     * published before, if it has changed since.
     *
     * @param input a {@link TotalsPartial} or a tick alone
     * @param batchTimeMs the batch's time; greater than that of the batch before
     */
    public StateUpdate<TotalsState> advance(Partial input, long batchTimeMs, TotalsSpec spec) {
        Map<String, KeyTotal> changes = changes(input);
        long nowMs = input.seenThroughMs() == Partial.NO_TICK ? batchTimeMs : input.seenThroughMs();
        TreeSet<String> touched = new TreeSet<>(changes.keySet());
        touched.addAll(waiting.before(batchTimeMs + 1));
        TotalsState after = this;
        List<Result> results = new ArrayList<>();
        for (String key : touched) {
            RunningTotal before = keys.get(key);
            RunningTotal total = changed(before, changes.get(key), spec, nowMs);
            if (total.dueMs() <= batchTimeMs) {
                total = total.published(batchTimeMs);
                results.add(total.result(spec, key));
            }
            after = after.with(key, before, total);
        }
        List<String> old =
                spec.forgetAfterMs() == TotalsSpec.NEVER ? List.of() : after.ages.before(nowMs - spec.forgetAfterMs());
        after = after.without(old, batchTimeMs, spec, results);
        List<String> excess = after.ages.earliest(Math.max(0, after.size() - spec.maxKeys()));
        after = after.without(excess, batchTimeMs, spec, results);
        EvictionCounts all = evictions.plus(excess.size(), old.size(), batchTimeMs);
        return new StateUpdate<>(new TotalsState(after.keys, after.waiting, after.ages, all), results);
    }

    private TotalsState with(String key, @Nullable RunningTotal before, RunningTotal total) {
        return new TotalsState(
                keys.with(key, total),
                waiting.move(key, before == null ? TimerQueue.NEVER : before.dueMs(), total.dueMs()),
                ages.move(key, before == null ? TimerQueue.NEVER : before.changedMs(), total.changedMs()),
                evictions);
    }

    private TotalsState without(List<String> gone, long batchTimeMs, TotalsSpec spec, List<Result> results) {
        TotalsState left = this;
        for (String key : gone) {
            RunningTotal last = Objects.requireNonNull(keys.get(key));
            if (last.dueMs() != TimerQueue.NEVER) {
                results.add(last.published(batchTimeMs).result(spec, key));
            }
            left = new TotalsState(
                    left.keys.without(key),
                    left.waiting.move(key, last.dueMs(), TimerQueue.NEVER),
                    left.ages.move(key, last.changedMs(), TimerQueue.NEVER),
                    evictions);
        }
        return left;
    }

    private static RunningTotal changed(
            @Nullable RunningTotal before, @Nullable KeyTotal more, TotalsSpec spec, long nowMs) {
        if (before == null) {
            return RunningTotal.of(Objects.requireNonNull(more, "only a key that is kept waits"), nowMs);
        }
        return more == null ? before : before.plus(more, spec, nowMs);
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
        // The map has the text of a key that came first, the timers have the one that came last.
        return 64 + 400L * keys.size() + 2 * keys.keyBytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TotalsState state
                && keys.equals(state.keys)
                && waiting.equals(state.waiting)
                && ages.equals(state.ages)
                && evictions.equals(state.evictions);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels. */
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
            SizedMap<RunningTotal> keys = SizedMap.of(Encoding.readMap(in, Encoding::readText, RunningTotal::read));
            TimerQueue waiting = TimerQueue.NONE;
            TimerQueue ages = TimerQueue.NONE;
            for (Map.Entry<String, RunningTotal> entry : keys.asMap().entrySet()) {
                waiting = waiting.move(
                        entry.getKey(), TimerQueue.NEVER, entry.getValue().dueMs());
                ages = ages.move(
                        entry.getKey(), TimerQueue.NEVER, entry.getValue().changedMs());
            }
            return new TotalsState(keys, waiting, ages, evictions);
        }
    }
}
