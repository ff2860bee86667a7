package io.tidegate.spark.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The options of a source or a sink, as given in {@code option(…)}.
 *
 * @param format its name, for people
 */
public record FormatOptions(String format, CaseInsensitiveStringMap given) {

    /** Options that Spark passes on to a source or a sink and reads itself. */
    private static final Set<String> OF_SPARK = Set.of("path", "paths", "checkpointlocation", "queryname");

    /**
     * Refuses an option that nobody reads, which Spark would ignore. Upper and lower case are the same.
     *
     * @throws IllegalArgumentException with the name of the option and the known names, the nearest first
     */
    public void requireKnown(List<String> known) {
        given.asCaseSensitiveMap().keySet().stream()
                .filter(option -> !OF_SPARK.contains(option.toLowerCase(Locale.ROOT))
                        && known.stream().noneMatch(option::equalsIgnoreCase))
                .sorted()
                .findFirst()
                .ifPresent(option -> {
                    Comparator<String> nearest = Comparator.comparing(name -> LevenshteinDistance.getDefaultInstance()
                            .apply(option.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)));
                    throw mistake(
                            option,
                            "unknown",
                            "any of "
                                    + String.join(
                                            ", ", known.stream().sorted(nearest).toList()));
                });
    }

    /** An option that has no default. */
    public String required(String name) {
        return optional(name).orElseThrow(() -> mistake(name, "nothing", "a value"));
    }

    /** An option, unless it is absent or blank. */
    public Optional<String> optional(String name) {
        return Optional.ofNullable(given.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Names with commas between them. */
    public List<String> names(String name) {
        return optional(name)
                .map(value -> Arrays.stream(value.split(",")).map(String::strip).toList())
                .orElse(List.of());
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String name, boolean otherwise) {
        return optional(name)
                .map(value -> switch (value.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw mistake(name, value, "true or false");
                })
                .orElse(otherwise);
    }

    /** A whole number between two. */
    public int number(String name, int least, int most, int otherwise) {
        return optional(name)
                .map(value -> {
                    int number;
                    try {
                        number = Integer.parseInt(value);
                    } catch (NumberFormatException e) {
                        throw mistake(name, value, "a whole number");
                    }
                    if (number < least || number > most) {
                        throw mistake(name, value, least + " to " + most);
                    }
                    return number;
                })
                .orElse(otherwise);
    }

    /** A number of seconds. */
    public Duration seconds(String name, Duration otherwise) {
        return Duration.ofSeconds(number(name, 0, 86_400, (int) otherwise.toSeconds()));
    }

    /** What is wrong with an option. */
    public IllegalArgumentException mistake(String name, String value, String expected) {
        return new IllegalArgumentException(
                format + ", option " + name + ": " + value + " (expected: " + expected + ")");
    }
}
