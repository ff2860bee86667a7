package io.tidegate.processor.result;

import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.sketch.Distribution;
import io.tidegate.processor.sketch.SummaryStatistics;
import java.io.Serializable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How values are distributed; each figure is null where there are too few values for it, where it is beyond the doubles,
 * or where nobody asked for it.
 *
 * @param stddev the sample standard deviation
 * @param p50 the median: of n values in ascending order the one at place ceil(0.5 n), 1 % off at most
 * @param p95 likewise
 * @param p99 likewise
 * @param distinct how many different values there are
 * @param exact whether that is no estimate
 */
public record DistributionFigures(
        @Nullable Double stddev,
        @Nullable Double p50,
        @Nullable Double p95,
        @Nullable Double p99,
        long distinct,
        boolean exact)
        implements Serializable {

    /** Of no values. */
    public static final DistributionFigures NONE = new DistributionFigures(null, null, null, null, 0, true);

    /** The shape of some numbers, as far as it is wanted. */
    public static DistributionFigures of(
            SummaryStatistics numbers, Distribution distribution, Set<AggregateFunction> wanted) {
        double stddev = wanted.contains(AggregateFunction.STDDEV)
                ? numbers.sum().deviation(distribution.squares(), numbers.count())
                : Double.NaN;
        return new DistributionFigures(
                Double.isFinite(stddev) ? stddev : null,
                percentile(50, numbers, distribution),
                percentile(95, numbers, distribution),
                percentile(99, numbers, distribution),
                distribution.distinct().count(),
                distribution.distinct().isExact());
    }

    private static @Nullable Double percentile(int percent, SummaryStatistics numbers, Distribution distribution) {
        if (distribution.histogram().size() == 0) {
            return null;
        }
        long rank = (numbers.count() * percent + 99) / 100;
        return Math.max(
                numbers.min(), Math.min(numbers.max(), distribution.histogram().at(rank)));
    }
}
