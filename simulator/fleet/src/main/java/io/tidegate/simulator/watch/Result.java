package io.tidegate.simulator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A message of a topic under {@code tidegate/}.
 *
 * @param levels the levels of the topic
 * @param body the JSON payload, missing when the payload is none
 */
public record Result(Kind kind, List<String> levels, JsonNode body, String text) {

    /** A replay adds its name. */
    private static final Pattern ROOT = Pattern.compile("tidegate(-[a-z0-9_-]+)?");

    /** What a result tells, by its topic's second level. */
    public enum Kind {
        SESSION("sessions", true),
        TOTAL("totals", true),
        WINDOW("windows", false),
        COUNT("counts", false),
        TOP("top", true),
        ANOMALY("anomalies", true),
        ROW("sql", false),
        DEVICE("devices", true),
        STATUS("status", true),
        LEDGER("ledger", true),
        OTHER("", false);

        private final String level;
        private final boolean retained;

        Kind(String level, boolean retained) {
            this.level = level;
            this.retained = retained;
        }

        /** Whether such results are retained, so that a re-run batch may step back for a moment. */
        boolean isRetained() {
            return retained;
        }
    }

    /** Never fails: what is not a result in JSON is of the kind OTHER. */
    public static Result of(String topic, byte[] payload) {
        List<String> levels = List.of(topic.split("/", -1));
        String text = new String(payload, StandardCharsets.UTF_8);
        JsonNode body = Json.read(text);
        return new Result(body.isObject() ? kind(levels) : Kind.OTHER, levels, body, text);
    }

    /** The whole topic. */
    public String topic() {
        return String.join("/", levels);
    }

    private static Kind kind(List<String> levels) {
        if (levels.size() >= 3 && ROOT.matcher(levels.get(0)).matches()) {
            for (Kind kind : Kind.values()) {
                if (kind.level.equals(levels.get(1))) {
                    return kind;
                }
            }
        }
        return Kind.OTHER;
    }
}
