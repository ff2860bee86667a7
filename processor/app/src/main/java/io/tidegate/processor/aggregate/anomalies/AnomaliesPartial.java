package io.tidegate.processor.aggregate.anomalies;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.persistent.Encoding;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.SerializationProxy;
import io.tidegate.processor.persistent.TextSize;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of one batch per key: a score depends on those before it, so none can be added up.
 *
 * @param keys by canonical key, in the order in which they are scored
 */
record AnomaliesPartial(PersistentMap<String, List<Observation>> keys, long seenThroughMs) implements Partial {

    @Override
    public AnomaliesPartial merge(Partial other) {
        long seenThrough = Math.min(seenThroughMs, other.seenThroughMs());
        if (other instanceof TickPartial) {
            return new AnomaliesPartial(keys, seenThrough);
        }
        if (other instanceof AnomaliesPartial anomalies) {
            return new AnomaliesPartial(keys.mergedWith(anomalies.keys, AnomaliesPartial::together), seenThrough);
        }
        throw unlike(other);
    }

    private static List<Observation> together(List<Observation> some, List<Observation> others) {
        List<Observation> all = new ArrayList<>(some);
        all.addAll(others);
        all.sort(Observation.ORDER);
        return List.copyOf(all);
    }

    @Override
    public long estimatedSize() {
        long observations = keys.asMap().values().stream().mapToLong(List::size).sum();
        return 64
                + 160L * keys.size()
                + 56 * observations
                + TextSize.of(keys.asMap().keySet());
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels. */
    public static final class Form extends SerializationProxy<AnomaliesPartial> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(AnomaliesPartial value, DataOutput out) throws IOException {
            out.writeLong(value.seenThroughMs);
            Encoding.writeMap(
                    out,
                    value.keys,
                    Encoding::text,
                    (list, sink) -> Encoding.writeList(sink, list, Observation::write));
        }

        @Override
        protected AnomaliesPartial read(DataInput in) throws IOException {
            long seenThrough = in.readLong();
            return new AnomaliesPartial(
                    Encoding.readMap(in, Encoding::readText, source -> Encoding.readList(source, Observation::read)),
                    seenThrough);
        }
    }
}
