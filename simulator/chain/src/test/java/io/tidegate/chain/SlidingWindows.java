package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.oracle.Oracle;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The slides of a sliding window by device, judged from outside. Which batch a reading falls into nobody can know
 * beforehand; but every reading is in one batch and, while that batch is in the window, in each slide. So over all batches
 * the counts add up to what was sent, over all slides to window / slide times as much, and each slide is the sum of its
 * batches, which the query of counts told, a path through Spark that has no window.
 */
record SlidingWindows(List<JsonNode> slides, Duration window, Duration slide) {

    static SlidingWindows of(ResultRecorder results, String query, Duration window, Duration slide) {
        return new SlidingWindows(results.of(query), window, slide);
    }

    void assertEqualTo(Collection<Reading> sent, List<JsonNode> batches) {
        Map<String, Long> expected = Oracle.distinct(sent).stream()
                .collect(Collectors.groupingBy(Reading::device, TreeMap::new, Collectors.counting()));
        Map<String, Double> sums = Oracle.distinct(sent).stream()
                .collect(
                        Collectors.groupingBy(Reading::device, TreeMap::new, Collectors.summingDouble(Reading::value)));
        long times = window.dividedBy(slide);

        assertThat(counts(batches)).isEqualTo(expected);
        assertThat(sums(batches)).isEqualTo(sums);
        assertThat(counts(slides))
                .isEqualTo(expected.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> times * entry.getValue())));
        assertThat(sums(slides))
                .isEqualTo(sums.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> times * entry.getValue())));
        Map<String, TreeMap<Instant, Long>> byEnd = batches.stream()
                .collect(Collectors.groupingBy(
                        SlidingWindows::device,
                        Collectors.toMap(SlidingWindows::end, SlidingWindows::count, Math::addExact, TreeMap::new)));
        assertThat(slides).allSatisfy(one -> {
            Instant end = end(one);
            long within = byEnd.get(device(one)).subMap(end.minus(window), false, end, true).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(count(one)).isEqualTo(within);
        });
    }

    private static Map<String, Long> counts(List<JsonNode> results) {
        return results.stream()
                .collect(Collectors.groupingBy(
                        SlidingWindows::device, TreeMap::new, Collectors.summingLong(SlidingWindows::count)));
    }

    /** Sums of quarters: no rounding, in whatever order. */
    private static Map<String, Double> sums(List<JsonNode> results) {
        return results.stream()
                .collect(Collectors.groupingBy(
                        SlidingWindows::device,
                        TreeMap::new,
                        Collectors.summingDouble(one -> one.path("sum").doubleValue())));
    }

    private static String device(JsonNode result) {
        return result.at("/key/device").textValue();
    }

    private static long count(JsonNode result) {
        return result.get("count").longValue();
    }

    private static Instant end(JsonNode result) {
        return Instant.parse(result.get("end").textValue());
    }
}
