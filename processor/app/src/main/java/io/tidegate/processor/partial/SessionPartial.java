package io.tidegate.processor.partial;

import io.tidegate.processor.persistent.Footprint;
import io.tidegate.processor.persistent.Packed;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The events of one batch per key, joined to fragments wherever they are within the gap of each other. The fragments of
 * a key are the connected components of its events, so their merge does not depend on any order.
 *
 * @param gapMs the query's gap
 * @param keys fragments by canonical key, in order of start, none within the gap of another
 */
public record SessionPartial(long gapMs, PersistentMap<String, List<Fragment>> keys, long seenThroughMs)
        implements Partial {

    @Override
    public SessionPartial merge(Partial other) {
        long seenThrough = Math.min(seenThroughMs, other.seenThroughMs());
        if (other instanceof TickPartial) {
            return new SessionPartial(gapMs, keys, seenThrough);
        }
        if (other instanceof SessionPartial sessions && sessions.gapMs == gapMs) {
            return new SessionPartial(gapMs, keys.mergedWith(sessions.keys, this::joined), seenThrough);
        }
        throw unlike(other);
    }

    private List<Fragment> joined(List<Fragment> some, List<Fragment> others) {
        List<Fragment> all = new ArrayList<>(some);
        all.addAll(others);
        all.sort(Comparator.comparingLong(Fragment::startMs));
        List<Fragment> joined = new ArrayList<>();
        Fragment current = all.get(0);
        for (Fragment next : all.subList(1, all.size())) {
            if (current.touches(next, gapMs)) {
                current = current.merge(next);
            } else {
                joined.add(current);
                current = next;
            }
        }
        joined.add(current);
        return List.copyOf(joined);
    }

    @Override
    public long estimatedSize() {
        return 64 + 600L * keys.size() + Footprint.of(keys.asMap().keySet());
    }

    private Object writeReplace() {
        return new Form(this);
    }

    /** How it travels. */
    public static final class Form extends Packed<SessionPartial> {
        private static final long serialVersionUID = 1;

        /** For deserialization only. */
        public Form() {
            super(null);
        }

        private Form(SessionPartial value) {
            super(value);
        }

        @Override
        protected void write(SessionPartial value, DataOutput out) throws IOException {
            out.writeLong(value.gapMs);
            out.writeLong(value.seenThroughMs);
            Wire.writeMap(out, value.keys, Wire::text, (list, sink) -> Wire.writeList(sink, list, Fragment::write));
        }

        @Override
        protected SessionPartial read(DataInput in) throws IOException {
            long gap = in.readLong();
            long seenThrough = in.readLong();
            return new SessionPartial(
                    gap,
                    Wire.readMap(in, Wire::readText, source -> Wire.readList(source, Fragment::read)),
                    seenThrough);
        }
    }
}
