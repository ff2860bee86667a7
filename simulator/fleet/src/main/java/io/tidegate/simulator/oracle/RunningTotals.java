package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The total that a device and metric must have after its first so many readings. It only moves on: a question costs the
 * readings since the question before, and totals before that are forgotten. Not thread-safe.
 */
public final class RunningTotals {
    private final DuplicateFilter filter = new DuplicateFilter();
    private final Map<Key, Total> totals = new HashMap<>();

    /** Takes note of a reading that was sent after all others so far. One that repeats another one is left out. */
    public void add(Reading reading) {
        if (filter.isNew(reading, false)) {
            totals.computeIfAbsent(new Key(reading.device(), reading.metric()), key -> new Total())
                    .ahead
                    .add(reading);
        }
    }

    /** How many different readings of a device and metric were added. */
    public long known(String device, String metric) {
        Total total = totals.get(new Key(device, metric));
        return total == null ? 0 : total.growing.count() + total.ahead.size();
    }

    /**
     * The total after this many readings.
     *
     * @return empty when there are not so many, or when a later total of the device and metric was asked for
     */
    public Optional<Totals> after(String device, String metric, long count) {
        Total total = totals.get(new Key(device, metric));
        if (total == null || count < Math.max(1, total.growing.count()) || count > known(device, metric)) {
            return Optional.empty();
        }
        while (total.growing.count() < count) {
            total.growing.add(total.ahead.remove());
        }
        return Optional.of(total.growing.soFar());
    }

    private record Key(String device, String metric) {}

    private static final class Total {
        private final Deque<Reading> ahead = new ArrayDeque<>();
        private final Totals.Growing growing = new Totals.Growing();
    }
}
