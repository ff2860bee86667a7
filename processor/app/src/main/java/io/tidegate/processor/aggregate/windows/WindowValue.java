package io.tidegate.processor.aggregate.windows;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.aggregate.windows.WindowPartial.CellKey;
import io.tidegate.processor.persistent.Encoding;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.SerializationProxy;
import io.tidegate.processor.sketch.Distribution;
import io.tidegate.processor.sketch.SummaryStatistics;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.spark.util.KnownSizeEstimation;
import org.jspecify.annotations.Nullable;

/**
 * The value of a sliding window for one state group: all keys of all queries that share the window. Immutable.
 *
 * <p>A slide costs what the entering and leaving panes hold, not what the window holds. A key whose last event leaves
 * stays with count 0 for that one slide, so that its end can be published, and is gone at the next. That works because
 * the tick gives every batch a pane: once something can have left, there are leaving panes at every slide, so
 * {@link #inverse} runs. Dropping an empty value is safe for the same reason: the next slide starts from entering panes,
 * and the panes that it does not take away are empty.
 */
public final class WindowValue implements Serializable, KnownSizeEstimation {

    private final PersistentMap<CellKey, WindowCell> cells;
    /** The cells that have count 0. */
    private final List<CellKey> emptied;
    /** The time of the last pane in it. */
    private final long lastPaneMs;

    private WindowValue(PersistentMap<CellKey, WindowCell> cells, List<CellKey> emptied, long lastPaneMs) {
        this.cells = cells;
        this.emptied = emptied;
        this.lastPaneMs = lastPaneMs;
    }

    /**
     * One batch.
     *
     * @param paneMs the batch's time
     * @param batch a {@link WindowPartial} or a tick alone
     */
    public static WindowValue pane(long paneMs, Partial batch) {
        if (batch instanceof TickPartial) {
            return new WindowValue(PersistentMap.empty(), List.of(), paneMs);
        }
        if (batch instanceof WindowPartial partial) {
            Map<CellKey, WindowCell> cells = new HashMap<>();
            partial.cells().asMap().forEach((key, pane) -> cells.put(key, WindowCell.of(paneMs, pane)));
            return new WindowValue(PersistentMap.of(cells), List.of(), paneMs);
        }
        throw new IllegalArgumentException(
                "batch: " + batch.getClass().getSimpleName() + " (expected: WindowPartial or TickPartial)");
    }

    /** Both together; associative and commutative, for panes of the same and of different batches. */
    public static WindowValue merge(WindowValue one, WindowValue other) {
        PersistentMap<CellKey, WindowCell> cells = one.cells.mergedWith(other.cells, WindowCell::merge);
        List<CellKey> emptied = new ArrayList<>();
        for (List<CellKey> some : List.of(one.emptied, other.emptied)) {
            some.stream().filter(key -> countOf(cells.get(key)) == 0).forEach(emptied::add);
        }
        return new WindowValue(cells, List.copyOf(emptied), Math.max(one.lastPaneMs, other.lastPaneMs));
    }

    /**
     * The window without its oldest panes, and without the keys that were already empty.
     *
     * @param leaving the merge of all panes of the window up to a time
     * @throws IllegalStateException when something leaves that never entered
     */
    public static WindowValue inverse(WindowValue window, WindowValue leaving) {
        PersistentMap<CellKey, WindowCell> cells = window.cells;
        for (CellKey key : window.emptied) {
            cells = cells.without(key);
        }
        List<CellKey> emptied = new ArrayList<>();
        for (Map.Entry<CellKey, WindowCell> entry : leaving.cells.asMap().entrySet()) {
            CellKey key = entry.getKey();
            WindowCell cell = cells.get(key);
            if (cell == null || cell.count() < entry.getValue().count()) {
                throw new IllegalStateException(
                        "leaves the window: " + key + " " + entry.getValue() + " (expected: part of " + cell + ")");
            }
            WindowCell rest = cell.without(entry.getValue(), leaving.lastPaneMs);
            cells = cells.with(key, rest);
            if (rest.count() == 0) {
                emptied.add(key);
            }
        }
        return new WindowValue(cells, List.copyOf(emptied), window.lastPaneMs);
    }

    private static long countOf(@Nullable WindowCell cell) {
        return cell == null ? 0 : cell.count();
    }

    /** Whether nothing is left to publish or to remember: the filter of the window drops it then. */
    public boolean isEmpty() {
        return cells.isEmpty();
    }

    /** How many keys it holds, of all its queries, those with count 0 included. */
    public int size() {
        return cells.size();
    }

    /** How much it holds of a query. */
    public StateSize stateSize(int query) {
        long keys = 0;
        long bytes = 0;
        for (Map.Entry<CellKey, WindowCell> cell : cells.asMap().entrySet()) {
            if (cell.getKey().query() == query) {
                keys++;
                bytes += cell.getValue().estimatedSize(cell.getKey().key());
            }
        }
        return new StateSize(keys, bytes, 0, 0, 0);
    }

    /** How many entries it keeps for the least and greatest values of all its keys. */
    int extremes() {
        return cells.asMap().values().stream().mapToInt(WindowCell::extremes).sum();
    }

    /** What one key comes to; count 0 in the slide that empties it. */
    public record Content(long count, SummaryStatistics values, Distribution distribution) {}

    /** Calls {@code consumer} for each key of a query, in no particular order. */
    public void forEach(int query, BiConsumer<String, Content> consumer) {
        cells.asMap().forEach((key, cell) -> {
            if (key.query() == query) {
                consumer.accept(key.key(), new Content(cell.count(), cell.numbers(), cell.distribution()));
            }
        });
    }

    /** Calls {@code consumer} for each key of a query that has events, with their number, in no particular order. */
    public void forEachCount(int query, BiConsumer<String, Long> consumer) {
        cells.asMap().forEach((key, cell) -> {
            if (key.query() == query && cell.count() > 0) {
                consumer.accept(key.key(), cell.count());
            }
        });
    }

    @Override
    public long estimatedSize() {
        long size = 64;
        for (Map.Entry<CellKey, WindowCell> cell : cells.asMap().entrySet()) {
            size += cell.getValue().estimatedSize(cell.getKey().key());
        }
        return size;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WindowValue value
                && cells.equals(value.cells)
                && Set.copyOf(emptied).equals(Set.copyOf(value.emptied))
                && lastPaneMs == value.lastPaneMs;
    }

    @Override
    public int hashCode() {
        return cells.hashCode();
    }

    @Override
    public String toString() {
        return "WindowValue[lastPane=" + lastPaneMs + ", cells=" + cells + ", emptied=" + emptied + "]";
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels. */
    public static final class Form extends SerializationProxy<WindowValue> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(WindowValue value, DataOutput out) throws IOException {
            out.writeLong(value.lastPaneMs);
            Encoding.writeMap(out, value.cells, CellKey::write, WindowCell::write);
        }

        @Override
        protected WindowValue read(DataInput in) throws IOException {
            long lastPane = in.readLong();
            PersistentMap<CellKey, WindowCell> cells = Encoding.readMap(in, CellKey::read, WindowCell::read);
            List<CellKey> emptied = new ArrayList<>();
            cells.asMap().forEach((key, cell) -> {
                if (cell.count() == 0) {
                    emptied.add(key);
                }
            });
            return new WindowValue(cells, List.copyOf(emptied), lastPane);
        }
    }
}
