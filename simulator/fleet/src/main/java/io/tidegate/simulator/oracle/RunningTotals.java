package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the total of a device and metric must say after its first readings. It grows with what is asked and never begins
 * again: a step costs the readings between two questions, and what was asked for is forgotten. Not thread-safe.
 */
public final class RunningTotals {
    private final DuplicateFilter remembered = new DuplicateFilter();
    private final Map<Key, Total> totals = new HashMap<>();

    /** Takes note of a reading that was sent after all others so far. What repeats another one counts once. */
    public void add(Reading reading) {
        if (remembered.isNew(reading, false)) {
            totals.computeIfAbsent(new Key(reading.device(), reading.metric()), key -> new Total())
                    .ahead
                    .add(reading);
        }
    }

    /** How many different readings of a device and metric were added. */
    public long known(String device, String metric) {
        Total total = totals.get(new Key(device, metric));
        return total == null ? 0 : total.count + total.ahead.size();
    }

    /**
     * The total after this many readings, by field.
     *
     * @return empty when there are not so many, or when a later total of the device and metric was asked for
     */
    public Optional<Map<String, Object>> after(String device, String metric, long count) {
        Total total = totals.get(new Key(device, metric));
        if (total == null || count < Math.max(1, total.count) || count > total.count + total.ahead.size()) {
            return Optional.empty();
        }
        while (total.count < count) {
            total.take(total.ahead.remove());
        }
        return Optional.of(total.fields());
    }

    private record Key(String device, String metric) {}

    /** The sum is exact, and rounded only when it is told. */
    private static final class Total {
        private final Deque<Reading> ahead = new ArrayDeque<>();
        private long count;
        private BigDecimal sum = BigDecimal.ZERO;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private long sinceMs = Long.MAX_VALUE;
        private long untilMs = Long.MIN_VALUE;

        void take(Reading reading) {
            count++;
            sum = sum.add(new BigDecimal(reading.value()));
            min = Math.min(min, reading.value());
            max = Math.max(max, reading.value());
            sinceMs = Math.min(sinceMs, reading.timeMs());
            untilMs = Math.max(untilMs, reading.timeMs());
        }

        Map<String, Object> fields() {
            double mean = sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
                    .doubleValue();
            return Map.of(
                    "count",
                    count,
                    "sum",
                    sum.doubleValue(),
                    "mean",
                    mean,
                    "min",
                    min,
                    "max",
                    max,
                    "since",
                    Instant.ofEpochMilli(sinceMs).toString(),
                    "until",
                    Instant.ofEpochMilli(untilMs).toString());
        }
    }
}
