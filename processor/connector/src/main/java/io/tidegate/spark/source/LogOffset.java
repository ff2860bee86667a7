package io.tidegate.spark.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.jspecify.annotations.Nullable;

/**
 * A place in the logs of some gateways: by the gateway's id, the position in each of its key groups (the offset of the next
 * event). With option {@code ticks} also a time: what was received before it is before this place. Immutable. Two are equal
 * when their JSON is, which therefore is canonical: keys sorted, no white space, a version.
 *
 * <pre> {"gateways":{"gateway":[17,4,0,93]},"version":1} </pre>
 * <pre> {"gateways":{"gateway":[17,4,0,93]},"seenThroughMs":1763805660000,"version":1} </pre>
 */
public final class LogOffset extends Offset {

    private static final int VERSION = 1;
    private static final String SEEN = "seenThroughMs";
    private static final String EXPECTED = "{\"gateways\":{\"<id>\":[<position of each key group>]},\"version\":1}";
    private static final JsonMapper JSON = new JsonMapper();

    private final SortedMap<String, List<Long>> positions;
    private final long seenThroughMs;

    private LogOffset(Map<String, List<Long>> positions, long seenThroughMs) {
        this.seenThroughMs = seenThroughMs;
        SortedMap<String, List<Long>> sorted = new TreeMap<>();
        positions.forEach((gateway, ofKeyGroups) -> sorted.put(gateway, List.copyOf(ofKeyGroups)));
        this.positions = Collections.unmodifiableSortedMap(sorted);
    }

    /**
     * How many events are before the place that is written like that, of all that the logs ever had.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static long events(String json) {
        return parse(json).positions.values().stream()
                .flatMap(List::stream)
                .mapToLong(Long::longValue)
                .sum();
    }

    /**
     * Whether a batch has a row that says what time it is (option {@code ticks}).
     *
     * @param start as JSON; null: the batch is the first
     * @param end as JSON; null: nothing is known of the batch
     */
    public static boolean ticked(@Nullable String start, @Nullable String end) {
        return end != null && parse(end).seenThroughMs > (start == null ? 0 : parse(start).seenThroughMs);
    }

    /** The place with these positions, by gateway and then by key group, from 0 on. */
    static LogOffset of(Map<String, List<Long>> positions) {
        return new LogOffset(positions, 0);
    }

    /** The same place, and that everything received before a time is before it. */
    LogOffset seenThrough(long ms) {
        return new LogOffset(positions, ms);
    }

    /** Everything received before this time, epoch milliseconds, is before this place; 0: nothing is known. */
    long seenThroughMs() {
        return seenThroughMs;
    }

    /**
     * Reads what {@link #json} wrote, or what a person wrote likewise; a person may leave the version out.
     *
     * @throws IllegalArgumentException when it is something else, or was written by a newer version
     */
    static LogOffset parse(String json) {
        JsonNode root = tree(json);
        int version = root.path("version").asInt(VERSION);
        if (version != VERSION) {
            throw new IllegalArgumentException("offset " + json + ": version " + version + " (expected: " + VERSION
                    + "; a newer connector wrote it, use that one)");
        }
        JsonNode gateways = root.path("gateways");
        if (!gateways.isObject() || gateways.isEmpty()) {
            throw malformed(json);
        }
        Map<String, List<Long>> positions = new TreeMap<>();
        gateways.properties().forEach(gateway -> positions.put(gateway.getKey(), longs(gateway.getValue(), json)));
        JsonNode seen = root.path(SEEN);
        if (!seen.isMissingNode() && !seen.isIntegralNumber()) {
            throw malformed(json);
        }
        return new LogOffset(positions, seen.asLong(0));
    }

    /** The same as one of ours; Spark may hand back only its text. */
    static LogOffset of(Offset offset) {
        return offset instanceof LogOffset ours ? ours : parse(offset.json());
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw malformed(json);
        }
    }

    private static List<Long> longs(JsonNode array, String json) {
        List<Long> longs = new ArrayList<>();
        for (JsonNode position : array) {
            if (!position.isIntegralNumber() || !position.canConvertToLong() || position.longValue() < 0) {
                throw malformed(json);
            }
            longs.add(position.longValue());
        }
        if (!array.isArray() || longs.isEmpty()) {
            throw malformed(json);
        }
        return longs;
    }

    private static IllegalArgumentException malformed(String json) {
        return new IllegalArgumentException("offset: " + json + " (expected: " + EXPECTED + ")");
    }

    /** By gateway id, ascending: the position of each key group. */
    SortedMap<String, List<Long>> positions() {
        return positions;
    }

    @Override
    public String json() {
        ObjectNode gateways = JsonNodeFactory.instance.objectNode();
        positions.forEach((gateway, ofKeyGroups) -> {
            ArrayNode array = gateways.putArray(gateway);
            ofKeyGroups.forEach(array::add);
        });
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("gateways", gateways);
        if (seenThroughMs != 0) {
            root.put(SEEN, seenThroughMs);
        }
        root.put("version", VERSION);
        return root.toString();
    }
}
