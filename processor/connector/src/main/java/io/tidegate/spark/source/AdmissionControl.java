package io.tidegate.spark.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shares out what a batch may take among key groups. Pure. */
final class AdmissionControl {

    private AdmissionControl() {}

    /**
     * The end of a batch of at most {@code most} events: every key group of every gateway advances by its share of what
     * waits, so that all arrive at the end together, and by one event at least while there is room. Never behind
     * {@code start}.
     *
     * @param start where the batch begins; a gateway that it does not name joins where {@code joining} says
     * @param ends how far each gateway's log goes; one that is not named is away, and stays where it is
     * @param joining by gateway: where it begins when it is new
     */
    static LogOffset end(LogOffset start, Map<String, List<Long>> ends, Map<String, List<Long>> joining, long most) {
        Map<String, List<Long>> positions = new TreeMap<>(start.positions());
        List<Long> waiting = new ArrayList<>();
        ends.forEach((gateway, end) -> waiting.addAll(waits(positions.getOrDefault(gateway, end), end)));
        Shares shares = new Shares(waiting, most);
        new TreeMap<>(ends).forEach((gateway, end) -> {
            List<Long> begin = positions.get(gateway);
            positions.put(gateway, begin == null ? joining.getOrDefault(gateway, end) : shares.next(begin, end));
        });
        return LogOffset.of(positions);
    }

    /** How many events wait between the positions of a gateway's key groups. */
    static long waiting(List<Long> begin, List<Long> end) {
        return waits(begin, end).stream().mapToLong(Long::longValue).sum();
    }

    private static List<Long> waits(List<Long> begin, List<Long> end) {
        List<Long> waits = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < end.size(); keyGroup++) {
            waits.add(Math.max(0, end.get(keyGroup) - begin.get(keyGroup)));
        }
        return waits;
    }

    /** What is still to be given, and to how many. */
    private static final class Shares {
        private long waiting;
        private long askers;
        private long left;

        Shares(List<Long> waits, long most) {
            waiting = waits.stream().mapToLong(Long::longValue).sum();
            askers = waits.stream().filter(wait -> wait > 0).count();
            left = Math.min(most, waiting);
        }

        List<Long> next(List<Long> begin, List<Long> end) {
            List<Long> waits = waits(begin, end);
            List<Long> positions = new ArrayList<>();
            for (int keyGroup = 0; keyGroup < end.size(); keyGroup++) {
                positions.add(begin.get(keyGroup) + (waits.get(keyGroup) == 0 ? 0 : next(waits.get(keyGroup))));
            }
            return positions;
        }

        /** In proportion, but what is left must neither be too much for the others nor, if it can be, too little. */
        private long next(long wanted) {
            waiting -= wanted;
            askers--;
            long fair = (long) ((double) left * wanted / (waiting + wanted));
            long most = Math.min(wanted, Math.min(left, Math.max(left - askers, 1)));
            long given = Math.min(most, Math.max(Math.max(fair, 1), left - waiting));
            left -= given;
            return given;
        }
    }
}
