package io.tidegate.spark.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How far the next batch of a stream goes when it may not take everything. Pure. */
final class Admission {

    private Admission() {}

    /**
     * The end of a batch of at most {@code most} events: every key group of every gateway gets on by its share of what
     * waits, so that all arrive at the end together, and by one event at least while there is room. Never behind
     * {@code start}.
     *
     * @param start where the batch begins; a gateway that it does not name joins where {@code joining} says
     * @param ends how far each gateway's log goes; one that is not named is away, and stays where it is
     * @param joining by gateway: where it begins when it is new
     */
    static LogOffset end(LogOffset start, Map<String, List<Long>> ends, Map<String, List<Long>> joining, long most) {
        Map<String, List<Long>> positions = new TreeMap<>(start.positions());
        long waiting = ends.entrySet().stream()
                .mapToLong(log -> waiting(positions.getOrDefault(log.getKey(), log.getValue()), log.getValue()))
                .sum();
        Share share = new Share(waiting, most);
        new TreeMap<>(ends).forEach((gateway, end) -> {
            List<Long> begin = positions.get(gateway);
            positions.put(gateway, begin == null ? joining.getOrDefault(gateway, end) : share.of(begin, end));
        });
        return LogOffset.of(positions);
    }

    /** How many events wait between the positions of a gateway's key groups. */
    static long waiting(List<Long> begin, List<Long> end) {
        long waiting = 0;
        for (int keyGroup = 0; keyGroup < end.size(); keyGroup++) {
            waiting += Math.max(0, end.get(keyGroup) - begin.get(keyGroup));
        }
        return waiting;
    }

    /** What is still to be given out, of how many that wait. */
    private static final class Share {
        private long waiting;
        private long left;

        Share(long waiting, long most) {
            this.waiting = waiting;
            left = Math.min(most, waiting);
        }

        List<Long> of(List<Long> begin, List<Long> end) {
            List<Long> positions = new ArrayList<>();
            for (int keyGroup = 0; keyGroup < end.size(); keyGroup++) {
                positions.add(begin.get(keyGroup) + next(Math.max(0, end.get(keyGroup) - begin.get(keyGroup))));
            }
            return positions;
        }

        private long next(long wanted) {
            long fair = wanted == waiting ? left : (long) ((double) left * wanted / waiting);
            long given = Math.min(Math.min(wanted, left), Math.max(fair, 1));
            waiting -= wanted;
            left -= given;
            return given;
        }
    }
}
