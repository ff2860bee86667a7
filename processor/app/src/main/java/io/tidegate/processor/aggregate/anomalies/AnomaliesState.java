package io.tidegate.processor.aggregate.anomalies;

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
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the keys of a state group stand. Values are compared in event time, and nothing is decided by a clock, so a re-run
 * gives the same answer. A key from which nothing was received for {@link AnomalyAggregation#forgetAfterMs} is forgotten;
 * so is the oldest of more than {@code maxKeys}. One that is anomalous then is published as learning, as nobody will say
 * how it went on.
 *
 * <p>A batch costs what its keys cost, not what the state holds.
 */
public final class AnomaliesState implements GroupState {

    private static final List<ToLongFunction<KeyAnomalies>> TIMES = List.of(KeyAnomalies::receivedMs);

    /** Before the first batch. */
    public static final AnomaliesState EMPTY =
            new AnomaliesState(TimedMap.of(PersistentMap.empty(), TIMES), LedgerCounts.NONE, EvictionCounts.NOTHING, 0);

    private final TimedMap<KeyAnomalies> keys;
    private final LedgerCounts ledger;
    private final EvictionCounts evictions;
    /** The {@link KeyAnomalies#estimatedSize} of all keys. */
    private final long valueBytes;

    private AnomaliesState(
            TimedMap<KeyAnomalies> keys, LedgerCounts ledger, EvictionCounts evictions, long valueBytes) {
        this.keys = keys;
        this.ledger = ledger;
        this.evictions = evictions;
        this.valueBytes = valueBytes;
    }

    /**
     * The state after a batch, and what is to be published.
     *
     * @param input an {@link AnomaliesPartial} or a tick alone
     */
    StateUpdate<AnomaliesState> advance(Partial input, long batchMs, AnomalyAggregation query) {
        Changes changes = new Changes();
        LedgerCounts.Builder counts = new LedgerCounts.Builder();
        for (Map.Entry<String, List<Observation>> arrival : new TreeMap<>(arrivals(input)).entrySet()) {
            String key = arrival.getKey();
            KeyScoring scoring = new KeyScoring(query, key, keys.get(key), batchMs);
            scoring.score(arrival.getValue(), counts);
            changes.put(key, scoring.after());
            changes.results.addAll(scoring.results());
        }
        List<String> old = input.seenThroughMs() == Partial.NO_TICK
                ? List.of()
                : changes.after.by(0).before(input.seenThroughMs() - query.forgetAfterMs());
        changes.drop(old, query, batchMs);
        List<String> excess = changes.after.by(0).earliest(Math.max(0, changes.after.size() - query.maxKeys()));
        changes.drop(excess, query, batchMs);
        return new StateUpdate<>(
                new AnomaliesState(
                        changes.after,
                        ledger.plus(counts.build()),
                        evictions.plus(excess.size(), old.size(), batchMs),
                        changes.bytes),
                changes.results);
    }

    private static Map<String, List<Observation>> arrivals(Partial input) {
        if (input instanceof AnomaliesPartial anomalies) {
            return anomalies.keys().asMap();
        }
        if (input instanceof TickPartial) {
            return Map.of();
        }
        throw new IllegalArgumentException(
                "input: " + input.getClass().getSimpleName() + " (expected: AnomaliesPartial or TickPartial)");
    }

    /** What a batch makes of the keys. */
    private final class Changes {
        private TimedMap<KeyAnomalies> after = keys;
        private long bytes = valueBytes;
        private final List<Result> results = new ArrayList<>();

        void put(String key, @Nullable KeyAnomalies value) {
            bytes += size(value) - size(after.get(key));
            after = after.with(key, value);
        }

        private static long size(@Nullable KeyAnomalies value) {
            return value == null ? 0 : value.estimatedSize();
        }

        void drop(List<String> gone, AnomalyAggregation query, long batchMs) {
            for (String key : gone) {
                KeyAnomalies last = Objects.requireNonNull(after.get(key));
                results.addAll(KeyScoring.finalResults(query, key, last, batchMs));
                put(key, null);
            }
        }
    }

    /** Applied and late events since the first batch. */
    @Override
    public LedgerCounts ledger() {
        return ledger;
    }

    @Override
    public StateSize stateSize() {
        return evictions.size(keys.size(), estimatedSize());
    }

    @Override
    public long estimatedSize() {
        // The map has the text of a key that came first, the queue has the one that came last.
        return 64 + 250L * keys.size() + 2 * keys.keyBytes() + valueBytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AnomaliesState state
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

    /** How it travels: times and sizes follow from the keys. */
    public static final class Form extends SerializationProxy<AnomaliesState> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(AnomaliesState value, DataOutput out) throws IOException {
            value.ledger.write(out);
            value.evictions.write(out);
            Encoding.writeMap(out, value.keys.entries(), Encoding::text, KeyAnomalies::write);
        }

        @Override
        protected AnomaliesState read(DataInput in) throws IOException {
            LedgerCounts ledger = LedgerCounts.read(in);
            EvictionCounts evictions = EvictionCounts.read(in);
            PersistentMap<String, KeyAnomalies> keys = Encoding.readMap(in, Encoding::readText, KeyAnomalies::read);
            long bytes = keys.asMap().values().stream()
                    .mapToLong(KeyAnomalies::estimatedSize)
                    .sum();
            return new AnomaliesState(TimedMap.of(keys, TIMES), ledger, evictions, bytes);
        }
    }
}
