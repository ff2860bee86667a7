package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;
import java.time.Instant;
import java.util.Map;

/**
 * Count, sum, extremes and the span of event time of some readings.
 *
 * @param sum the exact sum, rounded once to the nearest double
 * @param sinceMs least event time, epoch milliseconds
 * @param untilMs greatest event time, epoch milliseconds
 */
public record Totals(long count, double sum, double mean, double min, double max, long sinceMs, long untilMs) {

    /** By the names that they have in a result. */
    public Map<String, Object> fields() {
        return Map.of(
                "count", count,
                "sum", sum,
                "mean", mean,
                "min", min,
                "max", max,
                "since", Instant.ofEpochMilli(sinceMs).toString(),
                "until", Instant.ofEpochMilli(untilMs).toString());
    }

    /** Totals that grow with each reading. Not thread-safe. */
    static final class Growing {
        private final Statistics values = new Statistics();
        private long sinceMs = Long.MAX_VALUE;
        private long untilMs = Long.MIN_VALUE;

        void add(Reading reading) {
            values.add(reading.value());
            sinceMs = Math.min(sinceMs, reading.timeMs());
            untilMs = Math.max(untilMs, reading.timeMs());
        }

        long count() {
            return values.count();
        }

        /** Of at least one reading. */
        Totals soFar() {
            return new Totals(
                    values.count(), values.sum(), values.mean(), values.min(), values.max(), sinceMs, untilMs);
        }
    }
}
