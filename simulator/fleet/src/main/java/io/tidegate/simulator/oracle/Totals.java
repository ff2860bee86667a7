package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;

/**
 * Count, sum, extremes and the span of event time of some readings.
 *
 * @param sum the exact sum, rounded once to the nearest double
 * @param sinceMs least event time, epoch milliseconds
 * @param untilMs greatest event time, epoch milliseconds
 */
public record Totals(long count, double sum, double mean, double min, double max, long sinceMs, long untilMs) {

    /** Of at least one reading. */
    static Totals of(Collection<Reading> readings) {
        if (readings.isEmpty()) {
            throw new IllegalArgumentException("readings: none (expected: at least one)");
        }
        BigDecimal sum = readings.stream()
                .map(reading -> new BigDecimal(reading.value()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal mean = sum.divide(BigDecimal.valueOf(readings.size()), MathContext.DECIMAL128);
        var values = readings.stream().mapToDouble(Reading::value).summaryStatistics();
        var times = readings.stream().mapToLong(Reading::timeMs).summaryStatistics();
        return new Totals(
                readings.size(),
                sum.doubleValue(),
                mean.doubleValue(),
                values.getMin(),
                values.getMax(),
                times.getMin(),
                times.getMax());
    }
}
