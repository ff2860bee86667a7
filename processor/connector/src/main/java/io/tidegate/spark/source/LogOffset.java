package io.tidegate.spark.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
    private static final String EXPECTED = "{\"gateways\":{\"<id>\":[<position of each key group>]},\"version\":1}";
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT, DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** As it is written. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Json(
            @Nullable SortedMap<String, List<Long>> gateways,
            @Nullable Long seenThroughMs,
            @Nullable Integer version) {}

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
        @Nullable Json read = read(json);
        if (read != null && read.version() != null && read.version() != VERSION) {
            throw new IllegalArgumentException("offset " + json + ": version " + read.version() + " (expected: "
                    + VERSION + "; a newer connector wrote it, use that one)");
        }
        SortedMap<String, List<Long>> gateways = read == null ? null : read.gateways();
        if (read == null
                || gateways == null
                || gateways.isEmpty()
                || !gateways.values().stream().allMatch(LogOffset::isLegal)) {
            throw new IllegalArgumentException("offset: " + json + " (expected: " + EXPECTED + ")");
        }
        return new LogOffset(gateways, read.seenThroughMs() == null ? 0 : read.seenThroughMs());
    }

    /** Null for what is no such object. */
    private static @Nullable Json read(String json) {
        try {
            return JSON.readValue(json, Json.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static boolean isLegal(@Nullable List<@Nullable Long> offsets) {
        return offsets != null
                && !offsets.isEmpty()
                && offsets.stream().allMatch(offset -> offset != null && offset >= 0);
    }

    /** The same as one of ours; Spark may hand back only its text. */
    static LogOffset of(Offset offset) {
        return offset instanceof LogOffset ours ? ours : parse(offset.json());
    }

    /** By gateway id, ascending: the position of each key group. */
    SortedMap<String, List<Long>> positions() {
        return positions;
    }

    @Override
    public String json() {
        try {
            return JSON.writeValueAsString(new Json(positions, seenThroughMs == 0 ? null : seenThroughMs, VERSION));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("offset " + positions, e);
        }
    }
}
