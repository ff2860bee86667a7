package io.tidegate.processor.sessions;

import io.tidegate.processor.partial.Fragment;
import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.Partial;
import io.tidegate.processor.partial.SessionPartial;
import io.tidegate.processor.partial.TickPartial;
import io.tidegate.processor.persistent.Packed;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.TextMap;
import io.tidegate.processor.persistent.Timers;
import io.tidegate.processor.persistent.Wire;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.state.Dropped;
import io.tidegate.processor.state.GroupState;
import io.tidegate.processor.state.StateSize;
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
 * The sessions of all keys of a state group. Time is each key's own watermark and the tick's seenThrough, never a clock,
 * so a re-run gives the same answer and a processor that was down closes nothing falsely.
 *
 * <p>A batch costs what its keys and the due timers cost, not what the state holds. A key without events for
 * {@code forgetAfterMs} is forgotten: history that is uploaded after that starts new sessions. So is the oldest key of more
 * than {@code maxKeys}; its open sessions are closed with a last message.
 */
public final class SessionsState implements GroupState {

    /** Before the first batch. */
    public static final SessionsState EMPTY = new SessionsState(
            TextMap.of(PersistentMap.empty()),
            Timers.NONE,
            Timers.NONE,
            Timers.NONE,
            LedgerCounts.NONE,
            Dropped.NOTHING);

    private final TextMap<KeySessions> keys;
    /** By seenThrough: silences and keys to forget. */
    private final Timers ticks;
    /** By batch time: sessions that wait because of emit-every. */
    private final Timers emissions;

    /** By the last receipt. */
    private final Timers ages;

    private final LedgerCounts ledger;
    private final Dropped dropped;

    private SessionsState(
            TextMap<KeySessions> keys,
            Timers ticks,
            Timers emissions,
            Timers ages,
            LedgerCounts ledger,
            Dropped dropped) {
        this.keys = keys;
        this.ticks = ticks;
        this.emissions = emissions;
        this.ages = ages;
        this.ledger = ledger;
        this.dropped = dropped;
    }

    /**
     * The state after a batch, and what is to be published; per key in order of start.
     *
     * @param input a {@link SessionPartial} or a tick alone; without a tick nothing is closed by silence
     * @param batchTimeMs the batch's time; greater than that of the batch before
     */
    public Step<SessionsState> advance(Partial input, long batchTimeMs, SessionsSpec spec) {
        Map<String, List<Fragment>> arrivals = arrivals(input);
        long seenThrough = input.seenThroughMs() == Partial.NO_TICK ? Long.MIN_VALUE : input.seenThroughMs();
        TreeSet<String> touched = new TreeSet<>(arrivals.keySet());
        touched.addAll(ticks.before(seenThrough));
        touched.addAll(emissions.before(batchTimeMs + 1));
        SessionsState after = this;
        long forgotten = 0;
        List<Result> results = new ArrayList<>();
        for (String key : touched) {
            KeyBatch batch = new KeyBatch(spec, key, batchTimeMs, seenThrough);
            KeySessions before = keys.get(key);
            KeySessions now =
                    batch.advance(before == null ? KeySessions.UNKNOWN : before, arrivals.getOrDefault(key, List.of()));
            after = after.with(key, before, now, batch.ledger());
            forgotten += before != null && now == null ? 1 : 0;
            results.addAll(batch.results());
        }
        List<String> excess = after.ages.earliest(Math.max(0, after.size() - spec.maxKeys()));
        for (String key : excess) {
            KeySessions last = Objects.requireNonNull(after.keys.get(key));
            results.addAll(last.lastWords(spec, key, batchTimeMs));
            after = after.with(key, last, null, LedgerCounts.NONE);
        }
        return new Step<>(after.having(dropped.plus(excess.size(), forgotten, batchTimeMs)), results);
    }

    private SessionsState having(Dropped all) {
        return new SessionsState(keys, ticks, emissions, ages, ledger, all);
    }

    private static Map<String, List<Fragment>> arrivals(Partial input) {
        if (input instanceof SessionPartial sessions) {
            return sessions.keys().asMap();
        }
        if (input instanceof TickPartial) {
            return Map.of();
        }
        throw new IllegalArgumentException(
                "input: " + input.getClass().getSimpleName() + " (expected: SessionPartial or TickPartial)");
    }

    private SessionsState with(
            String key, @Nullable KeySessions before, @Nullable KeySessions now, LedgerCounts counts) {
        KeySessions old = before == null ? KeySessions.UNKNOWN : before;
        KeySessions next = now == null ? KeySessions.UNKNOWN : now;
        return new SessionsState(
                now == null ? keys.without(key) : keys.with(key, now),
                ticks.move(key, old.tickMs(), next.tickMs()),
                emissions.move(key, old.dueMs(), next.dueMs()),
                ages.move(
                        key,
                        before == null ? Timers.NEVER : before.lastReceivedMs(),
                        now == null ? Timers.NEVER : now.lastReceivedMs()),
                ledger.plus(counts),
                dropped);
    }

    /** Applied and late events since the first batch. */
    @Override
    public LedgerCounts ledger() {
        return ledger;
    }

    /** How many keys are remembered. */
    public int size() {
        return keys.size();
    }

    @Override
    public StateSize held() {
        return dropped.size(size(), estimatedSize());
    }

    @Override
    public long estimatedSize() {
        // The map has the text of a key that came first, the timers have the one that came last.
        return 64 + 980L * keys.size() + 2 * keys.keyBytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionsState state
                && keys.equals(state.keys)
                && ticks.equals(state.ticks)
                && emissions.equals(state.emissions)
                && ages.equals(state.ages)
                && ledger.equals(state.ledger)
                && dropped.equals(state.dropped);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    private Object writeReplace() {
        return new Form(this);
    }

    /** How it travels: the timers follow from the keys. */
    public static final class Form extends Packed<SessionsState> {
        private static final long serialVersionUID = 1;

        /** For deserialization only. */
        public Form() {
            super(null);
        }

        private Form(SessionsState value) {
            super(value);
        }

        @Override
        protected void write(SessionsState value, DataOutput out) throws IOException {
            value.ledger.write(out);
            value.dropped.write(out);
            Wire.writeMap(out, value.keys.entries(), Wire::text, KeySessions::write);
        }

        @Override
        protected SessionsState read(DataInput in) throws IOException {
            LedgerCounts ledger = LedgerCounts.read(in);
            Dropped dropped = Dropped.read(in);
            TextMap<KeySessions> keys = TextMap.of(Wire.readMap(in, Wire::readText, KeySessions::read));
            Timers ticks = Timers.NONE;
            Timers emissions = Timers.NONE;
            Timers ages = Timers.NONE;
            for (Map.Entry<String, KeySessions> entry : keys.asMap().entrySet()) {
                ticks = ticks.move(
                        entry.getKey(), Timers.NEVER, entry.getValue().tickMs());
                emissions = emissions.move(
                        entry.getKey(), Timers.NEVER, entry.getValue().dueMs());
                ages = ages.move(entry.getKey(), Timers.NEVER, entry.getValue().lastReceivedMs());
            }
            return new SessionsState(keys, ticks, emissions, ages, ledger, dropped);
        }
    }
}
