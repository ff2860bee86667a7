package io.tidegate.processor.aggregate.sessions;

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
 * The sessions of all keys of a state group. Time is each key's own watermark and the tick's seenThrough, never a clock,
 * so a re-run gives the same answer and a processor that was down closes nothing falsely.
 *
 * <p>A batch costs what its keys and the due timers cost, not what the state holds. A key without events for
 * {@code forgetAfterMs} is forgotten: history that is uploaded after that starts new sessions. So is the oldest key of more
 * than {@code maxKeys}; its open sessions are closed with a last message.
 */
public final class SessionsState implements GroupState {

    /** By seenThrough: silences and keys to forget. */
    private static final int TICK = 0;
    /** By batch time: sessions that wait because of emit-every. */
    private static final int DUE = 1;
    /** By the last receipt. */
    private static final int RECEIVED = 2;

    private static final List<ToLongFunction<KeySessions>> TIMES =
            List.of(KeySessions::tickMs, KeySessions::dueMs, KeySessions::lastReceivedMs);

    /** Before the first batch. */
    public static final SessionsState EMPTY =
            new SessionsState(TimedMap.of(PersistentMap.empty(), TIMES), LedgerCounts.NONE, EvictionCounts.NOTHING);

    private final TimedMap<KeySessions> keys;
    private final LedgerCounts ledger;
    private final EvictionCounts evictions;

    private SessionsState(TimedMap<KeySessions> keys, LedgerCounts ledger, EvictionCounts evictions) {
        this.keys = keys;
        this.ledger = ledger;
        this.evictions = evictions;
    }

    /**
     * The state after a batch, and what is to be published; per key in order of start.
     *
     * @param input a {@link SessionsPartial} or a tick alone; without a tick nothing is closed by silence
     * @param batchTimeMs the batch's time; greater than that of the batch before
     */
    public StateUpdate<SessionsState> advance(Partial input, long batchTimeMs, SessionsAggregation query) {
        Map<String, List<PartialSession>> arrivals = arrivals(input);
        long seenThrough = input.seenThroughMs() == Partial.NO_TICK ? Long.MIN_VALUE : input.seenThroughMs();
        TreeSet<String> touched = new TreeSet<>(arrivals.keySet());
        touched.addAll(keys.by(TICK).before(seenThrough));
        touched.addAll(keys.by(DUE).before(batchTimeMs + 1));
        TimedMap<KeySessions> after = keys;
        LedgerCounts.Builder counts = new LedgerCounts.Builder();
        long forgotten = 0;
        List<Result> results = new ArrayList<>();
        for (String key : touched) {
            KeyUpdate update = new KeyUpdate(query, key, batchTimeMs, seenThrough, counts);
            KeySessions before = keys.get(key);
            KeySessions now = update.advance(
                    before == null ? KeySessions.UNKNOWN : before, arrivals.getOrDefault(key, List.of()));
            after = after.with(key, now);
            forgotten += before != null && now == null ? 1 : 0;
            results.addAll(update.results());
        }
        List<String> excess = after.by(RECEIVED).earliest(Math.max(0, after.size() - query.maxKeys()));
        for (String key : excess) {
            results.addAll(Objects.requireNonNull(after.get(key)).finalResults(query, key, batchTimeMs));
            after = after.with(key, null);
        }
        EvictionCounts all = evictions.plus(excess.size(), forgotten, batchTimeMs);
        return new StateUpdate<>(new SessionsState(after, ledger.plus(counts.build()), all), results);
    }

    private static Map<String, List<PartialSession>> arrivals(Partial input) {
        if (input instanceof SessionsPartial sessions) {
            return sessions.keys().asMap();
        }
        if (input instanceof TickPartial) {
            return Map.of();
        }
        throw new IllegalArgumentException(
                "input: " + input.getClass().getSimpleName() + " (expected: SessionsPartial or TickPartial)");
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
    public StateSize stateSize() {
        return evictions.size(size(), estimatedSize());
    }

    @Override
    public long estimatedSize() {
        // The map has the text of a key that came first, the queues have the one that came last.
        return 64 + 980L * keys.size() + 2 * keys.keyBytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionsState state
                && keys.equals(state.keys)
                && ledger.equals(state.ledger)
                && evictions.equals(state.evictions);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels: the times follow from the keys. */
    public static final class Form extends SerializationProxy<SessionsState> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(SessionsState value, DataOutput out) throws IOException {
            value.ledger.write(out);
            value.evictions.write(out);
            Encoding.writeMap(out, value.keys.entries(), Encoding::text, KeySessions::write);
        }

        @Override
        protected SessionsState read(DataInput in) throws IOException {
            LedgerCounts ledger = LedgerCounts.read(in);
            EvictionCounts evictions = EvictionCounts.read(in);
            return new SessionsState(
                    TimedMap.of(Encoding.readMap(in, Encoding::readText, KeySessions::read), TIMES), ledger, evictions);
        }
    }
}
