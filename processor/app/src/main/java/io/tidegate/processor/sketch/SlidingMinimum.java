package io.tidegate.processor.sketch;

import io.tidegate.processor.persistent.Encoding;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Vector;
import scala.collection.immutable.Vector$;

/**
 * The least value of a window from the least values of its panes, when old panes leave: a monotonic queue. It holds the
 * panes that no later pane undercuts or equals, so times and values both ascend, and the first is the least of all.
 * Immutable. A pane enters and leaves at constant cost on average, whatever the window's length.
 */
public final class SlidingMinimum {

    /** Of no panes. */
    public static final SlidingMinimum NONE = new SlidingMinimum(Vector$.MODULE$.empty());

    private final Vector<Pane> panes;

    private record Pane(long timeMs, double value) {}

    private SlidingMinimum(Vector<Pane> panes) {
        this.panes = panes;
    }

    /** Of one pane. */
    public static SlidingMinimum of(long paneMs, double value) {
        return NONE.append(new Pane(paneMs, value));
    }

    /** Both together; associative and commutative. */
    public SlidingMinimum merge(SlidingMinimum other) {
        if (other.isEmpty() || isEmpty()) {
            return isEmpty() ? other : this;
        }
        if (panes.last().timeMs < other.panes.head().timeMs) {
            return followedBy(other);
        }
        if (other.panes.last().timeMs < panes.head().timeMs) {
            return other.followedBy(this);
        }
        List<Pane> all = new ArrayList<>(list());
        all.addAll(other.list());
        // Of one pane the greater value comes first, so that the lesser one undercuts it.
        all.sort(Comparator.comparingLong(Pane::timeMs)
                .thenComparing(Comparator.comparingDouble(Pane::value).reversed()));
        SlidingMinimum merged = NONE;
        for (Pane pane : all) {
            merged = merged.append(pane);
        }
        return merged;
    }

    private SlidingMinimum followedBy(SlidingMinimum later) {
        SlidingMinimum all = this;
        for (Pane pane : later.list()) {
            all = all.append(pane);
        }
        return all;
    }

    private SlidingMinimum append(Pane pane) {
        Vector<Pane> kept = panes;
        while (!kept.isEmpty() && Double.compare(kept.last().value, pane.value) >= 0) {
            kept = kept.init();
        }
        return new SlidingMinimum(appended(kept, pane));
    }

    @SuppressWarnings("unchecked") // javac finds Vector's own method ambiguous, and loses the type on the way around
    private static Vector<Pane> appended(Seq<Pane> panes, Pane pane) {
        return (Vector<Pane>) panes.appended(pane);
    }

    /** Without the panes up to a time. */
    public SlidingMinimum after(long lastMs) {
        Vector<Pane> kept = panes;
        while (!kept.isEmpty() && kept.head().timeMs <= lastMs) {
            kept = kept.tail();
        }
        return kept.size() == panes.size() ? this : new SlidingMinimum(kept);
    }

    boolean isEmpty() {
        return panes.isEmpty();
    }

    /** The least value; positive infinity when there is none. */
    public double least() {
        return isEmpty() ? Double.POSITIVE_INFINITY : panes.head().value;
    }

    /** How many panes it has an entry for. */
    public int size() {
        return panes.size();
    }

    private List<Pane> list() {
        List<Pane> list = new ArrayList<>(panes.size());
        for (var all = panes.iterator(); all.hasNext(); ) {
            list.add(all.next());
        }
        return list;
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        Encoding.writeList(out, list(), (pane, sink) -> {
            sink.writeLong(pane.timeMs);
            sink.writeDouble(pane.value);
        });
    }

    /** Reads what {@link #write} wrote. */
    public static SlidingMinimum read(DataInput in) throws IOException {
        SlidingMinimum read = NONE;
        for (Pane pane : Encoding.readList(in, source -> new Pane(source.readLong(), source.readDouble()))) {
            read = read.append(pane);
        }
        return read;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SlidingMinimum its && panes.equals(its.panes);
    }

    @Override
    public int hashCode() {
        return panes.hashCode();
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
