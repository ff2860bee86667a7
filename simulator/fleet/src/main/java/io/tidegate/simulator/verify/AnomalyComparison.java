package io.tidegate.simulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.oracle.InjectedFault;
import io.tidegate.simulator.oracle.InjectedFaults;
import io.tidegate.simulator.oracle.Query;
import io.tidegate.simulator.scenario.Fault;
import io.tidegate.simulator.verify.Detection.Found;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the anomalies that a query has answered with the faults that were injected. Which faults a score finds is not a
 * question of right or wrong, so they are counted only. A key is right when it has answers and its readings contradict none
 * of them. Used once.
 */
final class AnomalyComparison {
    private static final Set<String> STATES = Set.of("learning", "normal", "anomalous", "recovered");

    private final InjectedFaults injected;

    /** What contradicts the readings, for each key that has answers. */
    private final Map<String, List<String>> contradictions = new TreeMap<>();

    private final Set<Anomaly> anomalies = new HashSet<>();

    private AnomalyComparison(InjectedFaults injected) {
        this.injected = injected;
    }

    /**
     * The verdict on a query.
     *
     * @param results the newest version of each
     * @param late events that the processor counted as late
     */
    static Verdict of(Query query, InjectedFaults injected, List<JsonNode> results, long late) {
        AnomalyComparison comparison = new AnomalyComparison(injected);
        results.forEach(comparison::read);
        Map<String, Map<String, Object>> expected = new TreeMap<>();
        injected.timesMs().keySet().forEach(key -> expected.put(key, Map.of("contradictions", List.of())));
        Map<String, Map<String, Object>> answered = new TreeMap<>();
        comparison.contradictions.forEach((key, all) -> answered.put(key, Map.of("contradictions", all)));
        return Comparison.byKey(query.name(), query.kind(), expected, answered)
                .withEvents(late, injected.undecided().size())
                .withDetection(comparison.detection());
    }

    private void read(JsonNode result) {
        String key = ActualResults.key(result);
        if (injected.undecided().contains(key)) {
            return;
        }
        List<String> ofKey = contradictions.computeIfAbsent(key, name -> new ArrayList<>());
        Optional<String> contradiction =
                contradiction(result, injected.timesMs().getOrDefault(key, Set.of()));
        if (contradiction.isPresent()) {
            ofKey.add(result.path("id").asText() + " " + contradiction.get());
        } else if (Set.of("anomalous", "recovered")
                .contains(result.path("state").asText())) {
            long untilMs = timeMs(result, "until").orElse(Long.MAX_VALUE);
            anomalies.add(new Anomaly(key, timeMs(result, "since").orElseThrow(), untilMs));
        }
    }

    /** Why an answer can't be true of a key whose readings have these times, if it can't. */
    private static Optional<String> contradiction(JsonNode result, Set<Long> timesMs) {
        String state = result.path("state").asText();
        if (!STATES.contains(state)) {
            return Optional.of("has the state '" + state + "'");
        }
        boolean recovered = state.equals("recovered");
        for (String end : recovered ? List.of("since", "until") : List.of("since")) {
            if (timeMs(result, end).filter(timesMs::contains).isEmpty()) {
                return Optional.of(end + " '" + result.path(end).asText() + "', at which its key has no reading");
            }
        }
        return recovered
                        && timeMs(result, "until").orElseThrow()
                                < timeMs(result, "since").orElseThrow()
                ? Optional.of("ends at " + result.path("until").asText() + ", before it begins")
                : Optional.empty();
    }

    private static Optional<Long> timeMs(JsonNode result, String field) {
        try {
            return Optional.of(Instant.parse(result.path(field).asText()).toEpochMilli());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** What moves a value explains an anomaly sooner than a reading that was lost just before does. */
    private Detection detection() {
        Set<Anomaly> explained = new HashSet<>();
        Found spikes = found(Fault.Spike.class, anomalies, explained);
        Found drifts = found(Fault.Drift.class, anomalies, explained);
        Set<Anomaly> others = new HashSet<>(anomalies);
        others.removeAll(explained);
        Found dropouts = found(Fault.Dropout.class, others, explained);
        return new Detection(spikes, drifts, dropouts, anomalies.size() - explained.size());
    }

    /** How many faults of a kind are shown by any of these anomalies, which are explained by that. */
    private Found found(Class<? extends Fault> kind, Set<Anomaly> candidates, Set<Anomaly> explained) {
        long found = 0;
        long missed = 0;
        for (InjectedFault fault : injected.faults()) {
            if (kind.isInstance(fault.fault())) {
                List<Anomaly> showing = candidates.stream()
                        .filter(anomaly -> anomaly.shows(fault))
                        .toList();
                explained.addAll(showing);
                found += showing.isEmpty() ? 0 : 1;
                missed += showing.isEmpty() ? 1 : 0;
            }
        }
        return new Found(found, missed);
    }

    /** From its first reading to before the first one that was normal again. */
    private record Anomaly(String key, long sinceMs, long untilMs) {

        /** A value is off within the anomaly; a loss shows in the next reading alone, with which the anomaly must begin. */
        boolean shows(InjectedFault fault) {
            return key.equals(fault.key())
                    && (fault.fault() instanceof Fault.Dropout
                            ? fault.timesMs().contains(sinceMs)
                            : fault.timesMs().stream().anyMatch(this::holds));
        }

        private boolean holds(long timeMs) {
            return timeMs == sinceMs || (timeMs > sinceMs && timeMs < untilMs);
        }
    }
}
