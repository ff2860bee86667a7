package io.tidegate.processor.aggregate.ledger;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.persistent.SerializationProxy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

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
