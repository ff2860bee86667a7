package io.tidegate.processor.aggregate.windows;

import io.tidegate.processor.persistent.TextSize;
import io.tidegate.processor.sketch.Distribution;
import io.tidegate.processor.sketch.ExactSum;
import io.tidegate.processor.sketch.SlidingMinimum;
import io.tidegate.processor.sketch.SummaryStatistics;
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
record WindowCell(
        long count,
        long values,
        ExactSum sum,
        SlidingMinimum least,
        SlidingMinimum negatedGreatest,
        Distribution distribution) {

    static WindowCell of(long paneMs, WindowPartial.Pane pane) {
        SummaryStatistics values = pane.values();
        if (values.isEmpty()) {
            return new WindowCell(
                    pane.count(), 0, ExactSum.ZERO, SlidingMinimum.NONE, SlidingMinimum.NONE, Distribution.NONE);
        }
        return new WindowCell(
                pane.count(),
                values.count(),
                values.sum(),
                minima(paneMs, values.min()),
                minima(paneMs, -values.max()),
                pane.distribution());
    }

    /** A query that does not ask for extremes has panes without them. */
    private static SlidingMinimum minima(long paneMs, double value) {
        return value == Double.POSITIVE_INFINITY ? SlidingMinimum.NONE : SlidingMinimum.of(paneMs, value);
    }

    /** How many entries it keeps for extremes. */
    int extremes() {
        return least.size() + negatedGreatest.size();
    }

    /** About how many bytes of memory it takes with its key. */
    long estimatedSize(String key) {
        return 500L + TextSize.of(key) + 40L * extremes() + distribution.estimatedSize();
    }

    WindowCell merge(WindowCell other) {
        return new WindowCell(
                count + other.count,
                values + other.values,
                sum.plus(other.sum),
                least.merge(other.least),
                negatedGreatest.merge(other.negatedGreatest),
                distribution.plus(other.distribution));
    }

    /** Without the panes up to {@code lastMs}, which {@code leaving} holds. */
    WindowCell without(WindowCell leaving, long lastMs) {
        return new WindowCell(
                count - leaving.count,
                values - leaving.values,
                sum.minus(leaving.sum),
                least.after(lastMs),
                negatedGreatest.after(lastMs),
                distribution.minus(leaving.distribution));
    }

    SummaryStatistics numbers() {
        return new SummaryStatistics(values, sum, least.least(), -negatedGreatest.least());
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeLong(values);
        sum.write(out);
        least.write(out);
        negatedGreatest.write(out);
        distribution.write(out);
    }

    static WindowCell read(DataInput in) throws IOException {
        return new WindowCell(
                in.readLong(),
                in.readLong(),
                ExactSum.read(in),
                SlidingMinimum.read(in),
                SlidingMinimum.read(in),
                Distribution.read(in));
    }
}
