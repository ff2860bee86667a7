package io.tidegate.processor.windows;

import io.tidegate.processor.math.ExactSum;
import io.tidegate.processor.math.Numbers;
import io.tidegate.processor.partial.Distribution;
import io.tidegate.processor.partial.WindowPartial;
import io.tidegate.processor.persistent.Footprint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One key of one query in a window: what can be taken away again.
 *
 * @param count events
 * @param values how many of them have a value
 * @param sum exact sum of the values
 * @param least pane minima of the values; none when the query does not ask for the least and the greatest
 * @param negatedGreatest pane minima of the negated values
 * @param distribution of the values, as far as the query asks for it
 */
record Cell(
        long count,
        long values,
        ExactSum sum,
        PaneMinima least,
        PaneMinima negatedGreatest,
        Distribution distribution) {

    static Cell of(long paneMs, WindowPartial.Pane pane) {
        Numbers values = pane.values();
        if (values.isEmpty()) {
            return new Cell(pane.count(), 0, ExactSum.ZERO, PaneMinima.NONE, PaneMinima.NONE, Distribution.NONE);
        }
        return new Cell(
                pane.count(),
                values.count(),
                values.sum(),
                minima(paneMs, values.min()),
                minima(paneMs, -values.max()),
                pane.distribution());
    }

    /** A query that does not ask for extremes has panes without them. */
    private static PaneMinima minima(long paneMs, double value) {
        return value == Double.POSITIVE_INFINITY ? PaneMinima.NONE : PaneMinima.of(paneMs, value);
    }

    /** How many entries it keeps for extremes. */
    int extremes() {
        return least.size() + negatedGreatest.size();
    }

    /** About how many bytes of memory it takes with its key. */
    long estimatedSize(String key) {
        return 500L + Footprint.of(key) + 40L * extremes() + distribution.estimatedSize();
    }

    Cell merge(Cell other) {
        return new Cell(
                count + other.count,
                values + other.values,
                sum.plus(other.sum),
                least.merge(other.least),
                negatedGreatest.merge(other.negatedGreatest),
                distribution.plus(other.distribution));
    }

    /** Without the panes up to {@code lastMs}, which {@code leaving} holds. */
    Cell without(Cell leaving, long lastMs) {
        return new Cell(
                count - leaving.count,
                values - leaving.values,
                sum.minus(leaving.sum),
                least.after(lastMs),
                negatedGreatest.after(lastMs),
                distribution.minus(leaving.distribution));
    }

    Numbers numbers() {
        return new Numbers(values, sum, least.least(), -negatedGreatest.least());
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeLong(values);
        sum.write(out);
        least.write(out);
        negatedGreatest.write(out);
        distribution.write(out);
    }

    static Cell read(DataInput in) throws IOException {
        return new Cell(
                in.readLong(),
                in.readLong(),
                ExactSum.read(in),
                PaneMinima.read(in),
                PaneMinima.read(in),
                Distribution.read(in));
    }
}
