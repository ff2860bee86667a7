package io.tidegate.processor.result;

import io.tidegate.processor.sketch.SummaryStatistics;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What values come to; each is null where there are no values, where the figure is beyond the doubles, and
 * least and greatest where nobody asked for them. */
public record SummaryFigures(
        @Nullable Double sum,
        @Nullable Double mean,
        @Nullable Double min,
        @Nullable Double max) implements Serializable {

    /** The figures of some numbers. */
    public static SummaryFigures of(SummaryStatistics numbers) {
        if (numbers.isEmpty()) {
            return new SummaryFigures(null, null, null, null);
        }
        return new SummaryFigures(
                finite(numbers.sum().value()), finite(numbers.mean()), finite(numbers.min()), finite(numbers.max()));
    }

    private static @Nullable Double finite(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }
}
