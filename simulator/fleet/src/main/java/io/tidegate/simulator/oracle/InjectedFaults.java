package io.tidegate.simulator.oracle;

import io.tidegate.simulator.scenario.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a query of kind {@code anomaly} could find.
 *
 * @param timesMs event times of the readings of each key, epoch milliseconds
 * @param undecided keys of which a reading has an impossible time: nobody knows where the gateway puts it
 * @param faults of the other keys
 */
public record InjectedFaults(Map<String, Set<Long>> timesMs, Set<String> undecided, List<InjectedFault> faults) {

    /** The faults that strike the readings of a query that can be judged. */
    public static InjectedFaults of(Query query, ExpectedState state) {
        Map<String, Set<Long>> timesMs = new TreeMap<>();
        Set<String> undecided = new TreeSet<>();
        List<InjectedFault> faults = new ArrayList<>();
        query.rows(state).forEach((key, rows) -> {
            if (rows.stream().anyMatch(Row::clamped)) {
                undecided.add(key);
            } else {
                timesMs.put(key, rows.stream().map(Row::timeMs).collect(Collectors.toSet()));
                faults.addAll(ofKey(key, rows));
            }
        });
        return new InjectedFaults(timesMs, undecided, faults);
    }

    /** A drift is one fault, however many readings it moves; each spike and each dropout is one. */
    private static List<InjectedFault> ofKey(String key, List<Row> rows) {
        List<InjectedFault> faults = new ArrayList<>();
        Map<Fault, Set<Long>> drifts = new LinkedHashMap<>();
        for (Row row : rows) {
            for (Fault fault : row.faults()) {
                if (fault instanceof Fault.Drift) {
                    drifts.computeIfAbsent(fault, drift -> new TreeSet<>()).add(row.timeMs());
                } else {
                    faults.add(new InjectedFault(fault, key, Set.of(row.timeMs())));
                }
            }
        }
        drifts.forEach((drift, times) -> faults.add(new InjectedFault(drift, key, times)));
        return faults;
    }
}
