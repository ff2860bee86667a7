package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The expected answers to queries over acknowledged readings. Everything here assumes that no reading was late and that
 * a reading sent twice counts once. Pure and thread-safe.
 */
public final class Oracle {
    private Oracle() {}

    /** The readings without duplicates (device, metric, seq and time equal), in the order of their first appearance. */
    public static List<Reading> distinct(Collection<Reading> acknowledged) {
        DuplicateFilter filter = new DuplicateFilter();
        return acknowledged.stream()
                .filter(reading -> filter.isNew(reading, false))
                .toList();
    }

    /**
     * The totals of each key.
     *
     * @param acknowledged may contain duplicates
     * @param by the columns that make the key; none: everything under the empty key
     * @return by the key's values in the order of {@code by}
     */
    public static Map<List<String>, Totals> totals(Collection<Reading> acknowledged, List<KeyColumn> by) {
        return totalsBy(
                distinct(acknowledged),
                reading -> by.stream().map(column -> column.of(reading)).toList());
    }

    /**
     * The sessions of each device, by device and start. Two readings of a device share a session when their times
     * differ by {@code gap} or less.
     *
     * @param acknowledged may contain duplicates
     */
    public static List<Session> sessions(Collection<Reading> acknowledged, Duration gap) {
        Map<String, List<Reading>> devices = distinct(acknowledged).stream()
                .collect(Collectors.groupingBy(Reading::device, TreeMap::new, Collectors.toList()));
        return devices.values().stream()
                .flatMap(readings -> Session.split(readings, Reading::timeMs, gap.toMillis()).stream())
                .map(Oracle::session)
                .toList();
    }

    private static Session session(List<Reading> readings) {
        return new Session(
                readings.get(0).device(),
                readings.get(0).timeMs(),
                readings.get(readings.size() - 1).timeMs(),
                readings.size(),
                totalsBy(readings, Reading::metric));
    }

    private static <K> Map<K, Totals> totalsBy(List<Reading> readings, Function<Reading, K> key) {
        Map<K, Totals.Growing> groups = new HashMap<>();
        readings.forEach(reading -> groups.computeIfAbsent(key.apply(reading), group -> new Totals.Growing())
                .add(reading));
        Map<K, Totals> totals = new HashMap<>();
        groups.forEach((group, growing) -> totals.put(group, growing.soFar()));
        return totals;
    }
}
