package io.tidegate.processor.aggregate.top;

import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.result.TopResult.Entry;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The keys with the most events among some keys. Immutable. Merging the rankings of disjoint sets of keys, as state
 * groups are, gives exactly the ranking of all of them.
 *
 * @param limit how many keys are kept at most
 * @param top the most frequent first, ties by key ascending
 * @param distinct how many keys there are
 * @param total events of all of them
 */
public record Ranking(int limit, List<Entry> top, long distinct, long total) implements Serializable {

    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::key, KeyCodec::compare);

    /** Of no keys. */
    public static Ranking empty(int limit) {
        return new Ranking(limit, List.of(), 0, 0);
    }

    /** Of some keys, in any order. */
    static Ranking of(int limit, List<Entry> entries) {
        long total = entries.stream().mapToLong(Entry::count).sum();
        return new Ranking(limit, first(limit, entries), entries.size(), total);
    }

    /** The ranking of both sets of keys, which have no key in common; associative and commutative. */
    public Ranking merge(Ranking other) {
        List<Entry> both = new ArrayList<>(top);
        both.addAll(other.top);
        int most = Math.min(limit, other.limit);
        return new Ranking(most, first(most, both), distinct + other.distinct, total + other.total);
    }

    private static List<Entry> first(int limit, List<Entry> entries) {
        return entries.stream().sorted(ORDER).limit(limit).toList();
    }
}
