package io.tidegate.processor.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint was made with and can't be continued without: the queries, the batch interval, the number of key
 * groups, the gateway, the version. No address and no secret is in it: those may change at every start.
 *
 * @param frozen values by the names that people know them by
 */
public record Fingerprint(SortedMap<String, String> frozen) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keeps its own copy. */
    public Fingerprint {
        frozen = Collections.unmodifiableSortedMap(new TreeMap<>(frozen));
    }

    /** The values as a fingerprint. */
    public static Fingerprint of(Map<String, String> frozen) {
        return new Fingerprint(new TreeMap<>(frozen));
    }

    /** A value that changed; null where there was, or is, none. */
    public record Difference(
            String name, @Nullable String then, @Nullable String now) {

        /** One line for people. */
        @Override
        public String toString() {
            return name + ": the checkpoint has " + shown(then) + ", now it is " + shown(now);
        }

        private static String shown(@Nullable String value) {
            return value == null ? "none" : value;
        }
    }

    /** What is different now, by name. */
    public List<Difference> differences(Fingerprint now) {
        TreeSet<String> names = new TreeSet<>(frozen.keySet());
        names.addAll(now.frozen.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String name : names) {
            String before = frozen.get(name);
            String after = now.frozen.get(name);
            if (!Objects.equals(before, after)) {
                differences.add(new Difference(name, before, after));
            }
        }
        return differences;
    }

    /** As text for a file. */
    public String toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(frozen) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can always be written", e);
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws JsonProcessingException when it is something else
     */
    public static Fingerprint ofJson(String json) throws JsonProcessingException {
        return of(JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {}));
    }
}
