package io.tidegate.spark.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The options that a source or a sink reads. One that nobody reads is a mistake, which Spark would pass in silence. */
public final class KnownOptions {

    /** What Spark hands on to a source or a sink though it is for Spark itself. */
    private static final Set<String> OF_SPARK = Set.of("path", "paths", "checkpointlocation", "queryname");

    private final String what;
    private final List<String> names;

    /**
     * Names them.
     *
     * @param what the format, for people
     */
    public KnownOptions(String what, String... names) {
        this.what = what;
        this.names = List.of(names);
    }

    /**
     * Refuses what is none of them; upper and lower case are the same.
     *
     * @throws IllegalArgumentException names the option, and the known ones, the nearest first
     */
    public void check(Map<String, String> given) {
        given.keySet().stream()
                .filter(Predicate.not(this::isKnown))
                .sorted()
                .findFirst()
                .ifPresent(option -> {
                    throw new IllegalArgumentException(what + ", option " + option + ": unknown (expected: any of "
                            + String.join(", ", nearestFirst(option)) + ")");
                });
    }

    private boolean isKnown(String option) {
        return names.stream().anyMatch(option::equalsIgnoreCase) || OF_SPARK.contains(lower(option));
    }

    private Collection<String> nearestFirst(String option) {
        return names.stream()
                .sorted(Comparator.comparing(
                        name -> LevenshteinDistance.getDefaultInstance().apply(lower(option), lower(name))))
                .toList();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
