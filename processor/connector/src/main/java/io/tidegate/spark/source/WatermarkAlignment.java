package io.tidegate.spark.source;

import io.tidegate.spark.client.GatewayUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the end of a batch that may not take everything so that all key groups come to about the same time of receipt:
 * Spark's one watermark would take the events of one that lags behind for late. One stream, one thread.
 *
 * <p>It looks for a time before which at most so many events wait, and asks the gateways for few times on the way: it
 * guesses as if events came evenly, halves where they don't, and is content with most of what the batch may take. What is
 * left is taken from the quarter of a second behind that time, by shares: a single one may have more events than a batch.
 */
final class WatermarkAlignment {

    private static final long NARROW_MS = 250;
    private static final long FIRST_STEP_MS = 60_000;

    private @Nullable Point reached;

    /**
     * The end of a batch of at most {@code most} events, one at least where any waits. Never behind {@code start}. When a
     * gateway goes away in the midst of it, less than that, perhaps nothing.
     *
     * @param start where the batch begins; a gateway that it does not name joins where {@code joining} says
     * @param ends how far each gateway's log goes; one that is not named is away, and stays where it is
     * @param joining by gateway: where it begins when it is new
     * @param receivedFrom by gateway, of those in {@code ends}: the first offset of each key group that was received at a
     *     time, epoch milliseconds, or later
     * @param nowMs a time that is later than any of receipt, or about so
     */
    LogOffset end(
            LogOffset start,
            Map<String, List<Long>> ends,
            Map<String, List<Long>> joining,
            long most,
            LongFunction<Map<String, List<Long>>> receivedFrom,
            long nowMs) {
        Search search = new Search(start, ends, most, receivedFrom);
        Point all = new Point(nowMs, search.clamped(ends));
        if (search.events(all) <= most) {
            return AdmissionControl.end(start, ends, joining, most);
        }
        try {
            search.bracket(reached, all);
            search.narrow();
        } catch (GatewayUnavailableException e) {
            search.high = search.low;
        }
        if (search.low.ms() > 0) {
            reached = search.low;
        }
        Map<String, List<Long>> until = new TreeMap<>(ends);
        until.putAll(search.high.positions());
        return AdmissionControl.end(
                LogOffset.of(search.low.positions()), until, joining, most - search.events(search.low));
    }

    /** The positions of all gateways in the start, and the time of receipt that they have come to. */
    private record Point(long ms, Map<String, List<Long>> positions) {}

    /** The search for one end: not too many events before the one point, too many before the other. */
    private static final class Search {

        private final Map<String, List<Long>> start;
        private final Map<String, List<Long>> ends;
        private final long most;
        private final LongFunction<Map<String, List<Long>>> receivedFrom;
        private Point low;
        private Point high;

        Search(
                LogOffset start,
                Map<String, List<Long>> ends,
                long most,
                LongFunction<Map<String, List<Long>>> receivedFrom) {
            this.start = start.positions();
            this.ends = ends;
            this.most = most;
            this.receivedFrom = receivedFrom;
            low = new Point(0, this.start);
            high = low;
        }

        /** Begins where the batch before ended; after a start, where steps back in time come to. */
        void bracket(@Nullable Point reached, Point all) {
            high = all;
            if (reached != null && reached.ms() < all.ms() && isBeforeStart(reached)) {
                low = new Point(reached.ms(), start);
                return;
            }
            for (long step = FIRST_STEP_MS; ; step *= 4) {
                Point point = at(all.ms() - step);
                if (events(point) <= most) {
                    low = point;
                    return;
                }
                high = point;
            }
        }

        void narrow() {
            long enough = Math.max(1, most - most / 5);
            boolean halve = false;
            while (events(low) < enough && high.ms() - low.ms() > NARROW_MS) {
                long width = high.ms() - low.ms();
                Point point = at(low.ms() + (halve ? width / 2 : even(width)));
                if (events(point) <= most) {
                    low = point;
                } else {
                    high = point;
                }
                halve = high.ms() - low.ms() > width / 2;
            }
            if (high.ms() - low.ms() > NARROW_MS) {
                high = at(low.ms() + NARROW_MS);
            }
        }

        /** How far behind the low point there are nine tenths of a batch, if events come evenly. */
        private long even(long width) {
            double wanted = 0.9 * most - events(low);
            long guess = (long) (width * wanted / (events(high) - events(low)));
            return Math.max(1, Math.min(width - 1, guess));
        }

        private boolean isBeforeStart(Point point) {
            return events(point) == 0 && point.positions().keySet().equals(start.keySet());
        }

        private Point at(long ms) {
            return ms <= 0 ? new Point(0, start) : new Point(ms, clamped(receivedFrom.apply(ms)));
        }

        /** How many of them lie between the start and a point. */
        long events(Point point) {
            return start.entrySet().stream()
                    .mapToLong(begin -> AdmissionControl.waiting(
                            begin.getValue(), point.positions().getOrDefault(begin.getKey(), begin.getValue())))
                    .sum();
        }

        /** Neither before the start nor behind the ends, and without those that are not in the start. */
        Map<String, List<Long>> clamped(Map<String, List<Long>> positions) {
            Map<String, List<Long>> within = new TreeMap<>();
            start.forEach((gateway, begin) -> {
                List<Long> end = ends.get(gateway);
                List<Long> wanted = positions.get(gateway);
                within.put(gateway, end == null || wanted == null ? begin : clamped(begin, wanted, end));
            });
            return within;
        }

        private static List<Long> clamped(List<Long> begin, List<Long> wanted, List<Long> end) {
            List<Long> within = new ArrayList<>();
            for (int keyGroup = 0; keyGroup < begin.size(); keyGroup++) {
                long until = Math.min(wanted.get(keyGroup), end.get(keyGroup));
                within.add(Math.max(begin.get(keyGroup), until));
            }
            return within;
        }
    }
}
