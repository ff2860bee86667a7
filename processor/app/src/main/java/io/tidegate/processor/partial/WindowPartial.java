package io.tidegate.processor.partial;

import io.tidegate.processor.math.Numbers;
import io.tidegate.processor.persistent.Footprint;
import io.tidegate.processor.persistent.Packed;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.Wire;
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
            Wire.writeText(out, key);
        }

        /** Reads what {@link #write} wrote. */
        public static CellKey read(DataInput in) throws IOException {
            return new CellKey(in.readInt(), Wire.readText(in));
        }
    }

    /** One key in one batch: {@code count} events, the values among them, and how those are distributed. */
    public record Pane(long count, Numbers values, Distribution distribution) {

        Pane merge(Pane other) {
            return new Pane(count + other.count, values.merge(other.values), distribution.plus(other.distribution));
        }

        void write(DataOutput out) throws IOException {
            out.writeLong(count);
            values.write(out);
            distribution.write(out);
        }

        static Pane read(DataInput in) throws IOException {
            return new Pane(in.readLong(), Numbers.read(in), Distribution.read(in));
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
            size += Footprint.of(cell.getKey().key())
                    + cell.getValue().distribution.estimatedSize();
        }
        return size;
    }

    private Object writeReplace() {
        return new Form(this);
    }

    /** How it travels. */
    public static final class Form extends Packed<WindowPartial> {
        private static final long serialVersionUID = 1;

        /** For deserialization only. */
        public Form() {
            super(null);
        }

        private Form(WindowPartial value) {
            super(value);
        }

        @Override
        protected void write(WindowPartial value, DataOutput out) throws IOException {
            out.writeLong(value.seenThroughMs);
            Wire.writeMap(out, value.cells, CellKey::write, Pane::write);
        }

        @Override
        protected WindowPartial read(DataInput in) throws IOException {
            long seenThrough = in.readLong();
            return new WindowPartial(Wire.readMap(in, CellKey::read, Pane::read), seenThrough);
        }
    }
}
