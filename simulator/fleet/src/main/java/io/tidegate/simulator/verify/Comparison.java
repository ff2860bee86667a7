package io.tidegate.simulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.oracle.ExpectedResults;
import io.tidegate.simulator.oracle.Query;
import io.tidegate.simulator.verify.Verdict.Counts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares what was expected with what was answered. Pure. */
public final class Comparison {
    /** The key of what is told of all keys together. */
    static final String ALL_KEYS = "(all keys)";

    private static final double RELATIVE = 1e-9;

    private Comparison() {}

    /**
     * The verdict on a query.
     *
     * @param late events that the processor counted as late
     */
    static Verdict of(Query query, ExpectedResults expected, Map<String, Map<String, Object>> answered, long late) {
        Map<String, Map<String, Object>> wanted = new TreeMap<>(expected.answers());
        Map<String, Map<String, Object>> given = new TreeMap<>(answered);
        if (query.kind().equals("window")) {
            wanted.replaceAll((key, fields) -> only(fields, figures(query)));
        } else if (query.kind().equals("counts")) {
            wanted.replaceAll((key, fields) -> only(fields, Set.of("count", "sum")));
        } else if (query.kind().equals("top")) {
            wanted.replaceAll((key, fields) -> only(fields, Set.of("count")));
            wanted.put(ALL_KEYS, Map.of("events", expected.total(), "unsorted", 0L));
            if (given.size() == 1 && wanted.size() > 2) {
                wanted.keySet().retainAll(Set.of(ALL_KEYS)); // lists that don't show all keys
            }
        } else if (query.kind().equals("sessions")) {
            expected.late().ifPresent(events -> {
                wanted.put(ALL_KEYS, Map.of("late", events));
                given.put(ALL_KEYS, Map.of("late", late));
            });
            given.keySet().removeIf(key -> expected.undecided().containsKey(key.split(" from ", 2)[0]));
        }
        return byKey(query.name(), query.kind(), wanted, given)
                .withEvents(late, expected.undecided().size());
    }

    private static Set<String> figures(Query query) {
        Set<String> figures = new TreeSet<>(query.compute());
        if (!figures.contains("count") || !query.from().equals("readings")) {
            figures.remove("mean"); // means can be added up only with the number of values behind them
        }
        return figures;
    }

    private static Map<String, Object> only(Map<String, Object> fields, Set<String> names) {
        Map<String, Object> some = new HashMap<>(fields);
        some.keySet().retainAll(names);
        return some;
    }

    /** How an answer differs from the expected fields, for people; empty when it is right. */
    public static Optional<String> difference(Map<String, Object> expected, JsonNode answer) {
        Map<String, Object> given = ActualResults.fields("", answer);
        return matches(expected, given) ? Optional.empty() : Optional.of(difference(expected, given));
    }

    /** Compares field by field; a field that the expected answer does not have is not compared. */
    static Verdict byKey(
            String query,
            String kind,
            Map<String, Map<String, Object>> expected,
            Map<String, Map<String, Object>> answered) {
        List<String> differences = new ArrayList<>();
        long wrong = 0;
        long missing = 0;
        for (Map.Entry<String, Map<String, Object>> entry : expected.entrySet()) {
            Map<String, Object> given = answered.get(entry.getKey());
            if (given == null) {
                missing++;
                differences.add(entry.getKey() + ": missing, expected " + new TreeMap<>(entry.getValue()));
            } else if (!matches(entry.getValue(), given)) {
                wrong++;
                differences.add(entry.getKey() + ": " + difference(entry.getValue(), given));
            }
        }
        Set<String> unexpected = new TreeSet<>(answered.keySet());
        unexpected.removeAll(expected.keySet());
        unexpected.forEach(key -> differences.add(key + ": unexpected, " + new TreeMap<>(answered.get(key))));
        long right = expected.size() - wrong - missing;
        Counts counts = new Counts(expected.size(), right, wrong, missing, unexpected.size(), 0, 0);
        return new Verdict(query, kind, null, counts, null, null, differences);
    }

    private static boolean matches(Map<String, Object> expected, Map<String, Object> given) {
        return expected.entrySet().stream().allMatch(field -> isSame(field.getValue(), given.get(field.getKey())));
    }

    private static boolean isSame(Object expected, @Nullable Object given) {
        if (expected instanceof Set<?> any) {
            return any.contains(given);
        }
        if (expected instanceof Double number && given instanceof Number other) {
            double scale = Math.max(Math.abs(number), Math.abs(other.doubleValue()));
            return Math.abs(number - other.doubleValue()) <= RELATIVE * Math.max(scale, 1e-9);
        }
        return expected.equals(given);
    }

    private static String difference(Map<String, Object> expected, Map<String, Object> given) {
        List<String> fields = new ArrayList<>();
        new TreeMap<>(expected).forEach((name, value) -> {
            if (!isSame(value, given.get(name))) {
                fields.add(name + " is " + given.get(name) + ", expected " + value);
            }
        });
        return String.join("; ", fields);
    }
}
