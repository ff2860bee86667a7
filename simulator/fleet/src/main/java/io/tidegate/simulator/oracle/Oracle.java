package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
        Map<Identity, Reading> first = new LinkedHashMap<>();
        acknowledged.forEach(reading -> first.putIfAbsent(
                new Identity(reading.device(), reading.metric(), reading.seq(), reading.timeMs()), reading));
        return List.copyOf(first.values());
    }

    /**
     * The totals of each key.
     *
     * @param acknowledged may contain duplicates
     * @param by the columns that make the key; none: everything under the empty key
     * @return by the key's values in the order of {@code by}
     */
    public static Map<List<String>, Totals> totals(Collection<Reading> acknowledged, List<KeyColumn> by) {
        return grouped(
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
        Map<String, List<Reading>> devices =
                new TreeMap<>(distinct(acknowledged).stream().collect(Collectors.groupingBy(Reading::device)));
        List<Session> sessions = new ArrayList<>();
        devices.forEach((device, readings) -> {
            for (List<Reading> stretch : stretches(readings, gap.toMillis())) {
                sessions.add(session(device, stretch));
            }
        });
        return sessions;
    }

    private static List<List<Reading>> stretches(List<Reading> readings, long gapMs) {
        List<Reading> inTime = new ArrayList<>(readings);
        inTime.sort(Comparator.comparingLong(Reading::timeMs));
        List<List<Reading>> stretches = new ArrayList<>();
        long previousMs = 0;
        for (Reading reading : inTime) {
            if (stretches.isEmpty() || reading.timeMs() - previousMs > gapMs) {
                stretches.add(new ArrayList<>());
            }
            stretches.get(stretches.size() - 1).add(reading);
            previousMs = reading.timeMs();
        }
        return stretches;
    }

    private static Session session(String device, List<Reading> stretch) {
        return new Session(
                device,
                stretch.get(0).timeMs(),
                stretch.get(stretch.size() - 1).timeMs(),
                stretch.size(),
                grouped(stretch, Reading::metric));
    }

    private static <K> Map<K, Totals> grouped(List<Reading> readings, Function<Reading, K> key) {
        Map<K, List<Reading>> groups = readings.stream().collect(Collectors.groupingBy(key));
        Map<K, Totals> totals = new HashMap<>();
        groups.forEach((group, members) -> totals.put(group, Totals.of(members)));
        return totals;
    }

    private record Identity(String device, String metric, long seq, long timeMs) {}
}
