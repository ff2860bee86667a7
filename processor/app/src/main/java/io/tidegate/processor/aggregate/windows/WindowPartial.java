package io.tidegate.processor.aggregate.windows;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.persistent.Encoding;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.SerializationProxy;
import io.tidegate.processor.persistent.TextSize;
import io.tidegate.processor.sketch.Distribution;
import io.tidegate.processor.sketch.SummaryStatistics;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/**
 * The events of one batch per query and key: the pane of a window, or the counts of a batch.
 *
 * @param cells per query index and key; every count is positive
 */
public record WindowPartial(PersistentMap<CellKey, Pane> cells, long seenThroughMs) implements Partial {

    /**
     * A key of one of the queries that share a window.
     *
     * @param key canonical text
     */
    public record CellKey(int query, String key) {

        /** Writes it for {@link #read}. */
        public void write(DataOutput out) throws IOException {
            out.writeInt(query);
            Encoding.writeText(out, key);
        }

        /** Reads what {@link #write} wrote. */
        public static CellKey read(DataInput in) throws IOException {
            return new CellKey(in.readInt(), Encoding.readText(in));
        }
    }

    /** One key in one batch: {@code count} events, the values among them, and how those are distributed. */
    public record Pane(long count, SummaryStatistics values, Distribution distribution) {

        Pane merge(Pane other) {
            return new Pane(count + other.count, values.merge(other.values), distribution.plus(other.distribution));
        }

        void write(DataOutput out) throws IOException {
            out.writeLong(count);
            values.write(out);
            distribution.write(out);
        }

        static Pane read(DataInput in) throws IOException {
            return new Pane(in.readLong(), SummaryStatistics.read(in), Distribution.read(in));
        }
    }

    @Override
    public WindowPartial merge(Partial other) {
        long seenThrough = Math.min(seenThroughMs, other.seenThroughMs());
        if (other instanceof TickPartial) {
            return new WindowPartial(cells, seenThrough);
        }
        if (other instanceof WindowPartial panes) {
            return new WindowPartial(cells.mergedWith(panes.cells, Pane::merge), seenThrough);
        }
        throw unlike(other);
    }

    @Override
    public long estimatedSize() {
        long size = 64 + 220L * cells.size();
        for (Map.Entry<CellKey, Pane> cell : cells.asMap().entrySet()) {
            size += TextSize.of(cell.getKey().key())
                    + cell.getValue().distribution.estimatedSize();
        }
        return size;
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels. */
    public static final class Form extends SerializationProxy<WindowPartial> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(WindowPartial value, DataOutput out) throws IOException {
            out.writeLong(value.seenThroughMs);
            Encoding.writeMap(out, value.cells, CellKey::write, Pane::write);
        }

        @Override
        protected WindowPartial read(DataInput in) throws IOException {
            long seenThrough = in.readLong();
            return new WindowPartial(Encoding.readMap(in, CellKey::read, Pane::read), seenThrough);
        }
    }
}
