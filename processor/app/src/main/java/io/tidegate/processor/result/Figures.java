package io.tidegate.processor.result;

import io.tidegate.processor.math.Numbers;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What values come to; each is null where there are no values, where the figure is beyond the doubles, and
 * least and greatest where nobody asked for them. */
public record Figures(
        @Nullable Double sum,
        @Nullable Double mean,
        @Nullable Double min,
        @Nullable Double max) implements Serializable {

    /** The figures of some numbers. */
    public static Figures of(Numbers numbers) {
        if (numbers.isEmpty()) {
            return new Figures(null, null, null, null);
        }
        return new Figures(
                finite(numbers.sum().value()), finite(numbers.mean()), finite(numbers.min()), finite(numbers.max()));
    }

    private static @Nullable Double finite(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }
}
