package io.tidegate.simulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.watch.Result;
import io.tidegate.simulator.watch.Result.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a system has answered: the newest version of every result, and who is there. Thread-safe. */
final class Heard {
    private final Map<String, Map<String, JsonNode>> byQuery = new HashMap<>();
    private final Map<String, String> presence = new TreeMap<>();

    /** Takes note of a result. */
    synchronized void hear(Result result) {
        if (result.kind() == Kind.DEVICE) {
            presence.put(result.levels().get(2), result.body().path("state").asText());
        } else if (result.body().has("id")) {
            byQuery.computeIfAbsent(result.body().path("query").asText(), query -> new TreeMap<>())
                    .merge(result.body().path("id").asText(), result.body(), Heard::newer);
        }
    }

    /** The newest version of every result of a query. */
    synchronized List<JsonNode> of(String query) {
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
