package io.tidegate.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody may have meant: the nearest known word by edit distance. */
final class Suggestion {

    private Suggestion() {}

    /** The nearest of the known words, if it is near: at most a third of the letters differ, two for short words. */
    static Optional<String> nearest(String given, Collection<String> known) {
        int limit = Math.max(2, given.length() / 3);
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream()
                .filter(word -> distance.apply(given, word) <= Math.min(limit, word.length() - 1))
                .min(Comparator.<String>comparingInt(word -> distance.apply(given, word))
                        .thenComparing(word -> word));
    }
}
