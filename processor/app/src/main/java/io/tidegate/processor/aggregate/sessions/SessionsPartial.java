package io.tidegate.processor.aggregate.sessions;

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
import java.util.Comparator;
import java.util.List;

/**
 * The events of one batch per key, joined to fragments wherever they are within the gap of each other. The fragments of
 * a key are the connected components of its events, so their merge does not depend on any order.
 *
 * @param gapMs the query's gap
 * @param keys fragments by canonical key, in order of start, none within the gap of another
 */
public record SessionsPartial(long gapMs, PersistentMap<String, List<PartialSession>> keys, long seenThroughMs)
        implements Partial {

    @Override
    public SessionsPartial merge(Partial other) {
        long seenThrough = Math.min(seenThroughMs, other.seenThroughMs());
        if (other instanceof TickPartial) {
            return new SessionsPartial(gapMs, keys, seenThrough);
        }
        if (other instanceof SessionsPartial sessions && sessions.gapMs == gapMs) {
            return new SessionsPartial(gapMs, keys.mergedWith(sessions.keys, this::joined), seenThrough);
        }
        throw unlike(other);
    }

    private List<PartialSession> joined(List<PartialSession> some, List<PartialSession> others) {
        List<PartialSession> all = new ArrayList<>(some);
        all.addAll(others);
        all.sort(Comparator.comparingLong(PartialSession::startMs));
        List<PartialSession> joined = new ArrayList<>();
        PartialSession current = all.get(0);
        for (PartialSession next : all.subList(1, all.size())) {
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
        return 64 + 600L * keys.size() + TextSize.of(keys.asMap().keySet());
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels. */
    public static final class Form extends SerializationProxy<SessionsPartial> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(SessionsPartial value, DataOutput out) throws IOException {
            out.writeLong(value.gapMs);
            out.writeLong(value.seenThroughMs);
            Encoding.writeMap(
                    out,
                    value.keys,
                    Encoding::text,
                    (list, sink) -> Encoding.writeList(sink, list, PartialSession::write));
        }

        @Override
        protected SessionsPartial read(DataInput in) throws IOException {
            long gap = in.readLong();
            long seenThrough = in.readLong();
            return new SessionsPartial(
                    gap,
                    Encoding.readMap(in, Encoding::readText, source -> Encoding.readList(source, PartialSession::read)),
                    seenThrough);
        }
    }
}
