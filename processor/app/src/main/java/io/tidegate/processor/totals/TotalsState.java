package io.tidegate.processor.totals;

import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.Partial;
import io.tidegate.processor.partial.TickPartial;
import io.tidegate.processor.partial.Total;
import io.tidegate.processor.partial.TotalsPartial;
import io.tidegate.processor.persistent.Packed;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.Timers;
import io.tidegate.processor.persistent.Wire;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.state.GroupState;
import io.tidegate.processor.state.Step;
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
 * The running totals of all keys of a state group. A key is never forgotten: its totals would be wrong afterwards.
 *
 * <p>A batch costs what its keys cost, not what the state holds.
 */
public final class TotalsState implements GroupState {

    /** Before the first batch. */
    public static final TotalsState EMPTY = new TotalsState(PersistentMap.empty(), Timers.NONE);

    private final PersistentMap<String, RunningTotal> keys;
    private final Timers waiting;

    private TotalsState(PersistentMap<String, RunningTotal> keys, Timers waiting) {
        this.keys = keys;
        this.waiting = waiting;
    }

    /**
     * The state after a batch, and the keys that changed and may be published again.
     *
     * @param input a {@link TotalsPartial} or a tick alone
     * @param batchTimeMs the batch's time; greater than that of the batch before
     */
    public Step<TotalsState> advance(Partial input, long batchTimeMs, TotalsSpec spec) {
        Map<String, Total> changes = changes(input);
        TreeSet<String> touched = new TreeSet<>(changes.keySet());
        touched.addAll(waiting.before(batchTimeMs + 1));
        PersistentMap<String, RunningTotal> after = keys;
        Timers timers = waiting;
        List<Result> results = new ArrayList<>();
        for (String key : touched) {
            RunningTotal before = keys.get(key);
            RunningTotal total = changed(before, changes.get(key), spec);
            if (total.dueMs() <= batchTimeMs) {
                total = total.published(batchTimeMs);
                results.add(total.result(spec, key));
            }
            long dueBefore = before == null ? Timers.NEVER : before.dueMs();
            timers = timers.move(key, dueBefore, total.dueMs());
            after = after.with(key, total);
        }
        return new Step<>(new TotalsState(after, timers), results);
    }

    private static RunningTotal changed(@Nullable RunningTotal before, @Nullable Total more, TotalsSpec spec) {
        if (before == null) {
            return RunningTotal.of(Objects.requireNonNull(more, "only a key that is kept waits"));
        }
        return more == null ? before : before.plus(more, spec);
    }

    private static Map<String, Total> changes(Partial input) {
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
    public long estimatedSize() {
        return 64 + 320L * keys.size();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TotalsState state && keys.equals(state.keys) && waiting.equals(state.waiting);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    private Object writeReplace() {
        return new Form(this);
    }

    /** How it travels. */
    public static final class Form extends Packed<TotalsState> {
        private static final long serialVersionUID = 1;

        /** For deserialization only. */
        public Form() {
            super(null);
        }

        private Form(TotalsState value) {
            super(value);
        }

        @Override
        protected void write(TotalsState value, DataOutput out) throws IOException {
            Wire.writeMap(out, value.keys, Wire::text, RunningTotal::write);
        }

        @Override
        protected TotalsState read(DataInput in) throws IOException {
            PersistentMap<String, RunningTotal> keys = Wire.readMap(in, Wire::readText, RunningTotal::read);
            Timers waiting = Timers.NONE;
            for (Map.Entry<String, RunningTotal> entry : keys.asMap().entrySet()) {
                waiting = waiting.move(
                        entry.getKey(), Timers.NEVER, entry.getValue().dueMs());
            }
            return new TotalsState(keys, waiting);
        }
    }
}
