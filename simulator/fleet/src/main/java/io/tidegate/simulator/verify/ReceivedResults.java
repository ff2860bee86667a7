package io.tidegate.simulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.watch.Result;
import io.tidegate.simulator.watch.Result.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a system has answered: the newest version of every result, and which devices are online. A query with more results
 * than there is room for is given up. Thread-safe.
 */
public final class ReceivedResults {
    private final int room;

    private final Map<String, Map<String, JsonNode>> byQuery = new HashMap<>();
    private final Map<String, String> presence = new TreeMap<>();

    private final Set<String> givenUp = new HashSet<>();

    /** Has received nothing yet. Of each query there is room for so many results. */
    public ReceivedResults(int room) {
        this.room = room;
    }

    /** Takes note of a result. */
    public synchronized void add(Result result) {
        if (result.kind() == Kind.DEVICE) {
            presence.put(result.levels().get(2), result.body().path("state").asText());
        } else if (result.body().has("id")) {
            remember(result.body().path("query").asText(), result.body());
        }
    }

    private void remember(String query, JsonNode result) {
        if (givenUp.contains(query)) {
            return;
        }
        Map<String, JsonNode> results = byQuery.computeIfAbsent(query, name -> new TreeMap<>());
        results.merge(result.path("id").asText(), result, ReceivedResults::newer);
        if (results.size() > room) {
            byQuery.remove(query);
            givenUp.add(query);
        }
    }

    /** Why a query can't be judged, if it can't. */
    synchronized Optional<String> notJudged(String query) {
        return givenUp.contains(query)
                ? Optional.of(String.format(Locale.ROOT, "more than %,d results", room))
                : Optional.empty();
    }

    /** The newest version of every result of a query. */
    synchronized List<JsonNode> newest(String query) {
        return new ArrayList<>(byQuery.getOrDefault(query, Map.of()).values());
    }

    /** The state of every device, by the level of its topic. */
    synchronized Map<String, String> presence() {
        return Map.copyOf(presence);
    }

    private static JsonNode newer(JsonNode before, JsonNode now) {
        return now.path("rev").longValue() >= before.path("rev").longValue() ? now : before;
    }
}
