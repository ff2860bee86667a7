package io.tidegate.processor.aggregate.totals;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.persistent.Encoding;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.SerializationProxy;
import io.tidegate.processor.persistent.TextSize;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The events of one batch per key, for running totals.
 *
 * @param keys by canonical key
 */
public record TotalsPartial(PersistentMap<String, KeyTotal> keys, long seenThroughMs) implements Partial {

    @Override
    public TotalsPartial merge(Partial other) {
        long seenThrough = Math.min(seenThroughMs, other.seenThroughMs());
        if (other instanceof TickPartial) {
            return new TotalsPartial(keys, seenThrough);
        }
        if (other instanceof TotalsPartial totals) {
            return new TotalsPartial(keys.mergedWith(totals.keys, KeyTotal::merge), seenThrough);
        }
        throw unlike(other);
    }

    @Override
    public long estimatedSize() {
        return 64 + 240L * keys.size() + TextSize.of(keys.asMap().keySet());
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels. */
    public static final class Form extends SerializationProxy<TotalsPartial> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(TotalsPartial value, DataOutput out) throws IOException {
            out.writeLong(value.seenThroughMs);
            Encoding.writeMap(out, value.keys, Encoding::text, KeyTotal::write);
        }

        @Override
        protected TotalsPartial read(DataInput in) throws IOException {
            long seenThrough = in.readLong();
            return new TotalsPartial(Encoding.readMap(in, Encoding::readText, KeyTotal::read), seenThrough);
        }
    }
}
