package io.tidegate.processor.aggregate.top;

import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.result.TimeWindow;
import io.tidegate.processor.result.TopResult.Entry;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * The keys with the most events among some keys. Immutable. Merging the rankings of disjoint sets of keys, as state
 * groups are, gives exactly the ranking of all of them.
 *
 * @param limit how many keys are kept at most
 * @param timeWindow the window that the events are in
 * @param top the most frequent first, ties by key ascending
 * @param distinct how many keys there are
 * @param total events of all of them
 */
public record Ranking(int limit, TimeWindow timeWindow, List<Entry> top, long distinct, long total)
        implements Serializable {

    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::key, KeyCodec::compare);

    /** Takes keys in any order, one by one, and keeps the first: memory is bounded by the limit, not by the keys. */
    static final class Builder {
        private final int limit;
        private final TimeWindow timeWindow;
        private final PriorityQueue<Entry> kept = new PriorityQueue<>(ORDER.reversed());
        private long distinct;
        private long total;

        Builder(int limit, TimeWindow timeWindow) {
            this.limit = limit;
            this.timeWindow = timeWindow;
        }

        void add(String key, long count) {
            distinct++;
            total += count;
            Entry last = kept.peek();
            if (last == null || kept.size() < limit) {
                kept.add(new Entry(key, count));
            } else if (count > last.count() || (count == last.count() && KeyCodec.compare(key, last.key()) < 0)) {
                kept.poll();
                kept.add(new Entry(key, count));
            }
        }

        Ranking build() {
            return new Ranking(limit, timeWindow, kept.stream().sorted(ORDER).toList(), distinct, total);
        }
    }

    /** The ranking of both sets of keys of one window, which have no key in common; associative and commutative. */
    public Ranking merge(Ranking other) {
        int most = Math.min(limit, other.limit);
        List<Entry> first = Stream.concat(top.stream(), other.top.stream())
                .sorted(ORDER)
                .limit(most)
                .toList();
        return new Ranking(most, timeWindow, first, distinct + other.distinct, total + other.total);
    }
}
