package io.tidegate.simulator.oracle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A device's readings without a pause longer than the gap.
 *
 * @param startMs event time of the first reading, epoch milliseconds
 * @param endMs event time of the last reading, epoch milliseconds
 * @param metrics what was measured, by metric
 */
public record Session(String device, long startMs, long endMs, long events, Map<String, Totals> metrics) {

    /** The events of one key, divided by pauses longer than the gap; all in order of time. */
    public static <E> List<List<E>> split(Collection<E> events, ToLongFunction<E> timeMs, long gapMs) {
        return split(events, timeMs, timeMs, gapMs);
    }

    /** The same of what has a start and an end. */
    static <E> List<List<E>> split(
            Collection<E> events, ToLongFunction<E> startMs, ToLongFunction<E> endMs, long gapMs) {
        List<List<E>> sessions = new ArrayList<>();
        long latestEndMs = Long.MIN_VALUE;
        for (E event : events.stream().sorted(Comparator.comparingLong(startMs)).toList()) {
            if (sessions.isEmpty() || startMs.applyAsLong(event) > latestEndMs + gapMs) {
                sessions.add(new ArrayList<>());
            }
            sessions.get(sessions.size() - 1).add(event);
            latestEndMs = Math.max(latestEndMs, endMs.applyAsLong(event));
        }
        return sessions;
    }
}
