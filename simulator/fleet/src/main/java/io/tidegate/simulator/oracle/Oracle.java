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
     */
    public static <K> Map<K, Totals> totals(Collection<Reading> acknowledged, Function<Reading, K> key) {
        Map<K, Totals.Growing> groups = new HashMap<>();
        distinct(acknowledged)
                .forEach(reading -> groups.computeIfAbsent(key.apply(reading), group -> new Totals.Growing())
                        .add(reading));
        Map<K, Totals> totals = new HashMap<>();
        groups.forEach((group, growing) -> totals.put(group, growing.soFar()));
        return totals;
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
                totals(readings, Reading::metric));
    }
}
