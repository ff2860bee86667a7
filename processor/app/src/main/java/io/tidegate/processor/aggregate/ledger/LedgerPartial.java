package io.tidegate.processor.aggregate.ledger;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.ledger.LedgerCounts.EventCounts;
import io.tidegate.processor.persistent.SerializationProxy;
import io.tidegate.processor.query.FilterReason;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a query's events in one batch, as far as the task knows that parsed them: applied (for kinds that have no
 * late events) and filtered. Sessions decide between applied and late themselves. Goes under
 * {@link io.tidegate.processor.key.QueryKey#LEDGER_GROUP}.
 */
public record LedgerPartial(LedgerCounts counts, long seenThroughMs) implements Partial {

    @Override
    public LedgerPartial merge(Partial other) {
        long seenThrough = Math.min(seenThroughMs, other.seenThroughMs());
        if (other instanceof TickPartial) {
            return new LedgerPartial(counts, seenThrough);
        }
        if (other instanceof LedgerPartial ledger) {
            return new LedgerPartial(counts.plus(ledger.counts), seenThrough);
        }
        throw unlike(other);
    }

    @Override
    public long estimatedSize() {
        return 64 + 120L * counts.groups().size();
    }

    /** Counts while a task parses. Mutable, for one thread. */
    public static final class Builder {

        private final SortedMap<Integer, EventCounts> groups = new TreeMap<>();
        private final SortedMap<FilterReason, Long> reasons = new TreeMap<>();

        /** Some events of a key group went into a partial. */
        public void applied(int keyGroup, long events) {
            groups.merge(keyGroup, new EventCounts(events, 0, 0), EventCounts::plus);
        }

        /** Some events of a key group are in no result, all for one reason. */
        public void filtered(int keyGroup, FilterReason reason, long events) {
            groups.merge(keyGroup, new EventCounts(0, 0, events), EventCounts::plus);
            reasons.merge(reason, events, Long::sum);
        }

        /** What was counted. */
        public LedgerPartial build() {
            return new LedgerPartial(new LedgerCounts(groups, reasons), NO_TICK);
        }
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels. */
    public static final class Form extends SerializationProxy<LedgerPartial> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(LedgerPartial value, DataOutput out) throws IOException {
            out.writeLong(value.seenThroughMs);
            value.counts.write(out);
        }

        @Override
        protected LedgerPartial read(DataInput in) throws IOException {
            long seenThrough = in.readLong();
            return new LedgerPartial(LedgerCounts.read(in), seenThrough);
        }
    }
}
