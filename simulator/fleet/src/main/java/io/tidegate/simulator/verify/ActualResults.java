package io.tidegate.simulator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.oracle.Query;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The answers to a query as they are compared: fields by key. Results by batch time are added up over batches: all of
 * {@code counts}, and of windows and top lists those that lie end to end, back from the newest.
 */
final class ActualResults {
    private ActualResults() {}

    static Map<String, Map<String, Object>> of(Query query, List<JsonNode> results) {
        return switch (query.kind()) {
            case "sessions" -> sessions(results);
            case "totals" -> byKey(results);
            case "counts" -> sums(results);
            case "window" -> sums(endToEnd(results, query.windowMs()));
            case "top" -> tops(endToEnd(results, query.windowMs()));
            default -> Map.of();
        };
    }

    private static Map<String, Map<String, Object>> sessions(List<JsonNode> results) {
        Map<String, Map<String, Object>> answers = new TreeMap<>();
        for (JsonNode result : results) {
            if (!result.path("state").asText().equals("merged")) {
                Map<String, Object> fields = fields("", result);
                answers.merge(key(result) + " from " + fields.get("start"), fields, ActualResults::twice);
            }
        }
        return answers;
    }

    /** Two sessions of a key that begin at the same time: neither can be right. */
    private static Map<String, Object> twice(Map<String, Object> one, Map<String, Object> other) {
        return Map.of("events", one.get("events") + " and " + other.get("events") + " in two sessions");
    }

    private static Map<String, Map<String, Object>> byKey(List<JsonNode> results) {
        Map<String, Map<String, Object>> answers = new TreeMap<>();
        results.forEach(result -> answers.put(key(result), fields("", result)));
        return answers;
    }

    /** The windows whose ends differ from the newest by multiples of their length: every batch is in one of them. */
    private static List<JsonNode> endToEnd(List<JsonNode> results, long windowMs) {
        long newest = results.stream().mapToLong(ActualResults::endMs).max().orElse(0);
        return results.stream()
                .filter(result -> (newest - endMs(result)) % windowMs == 0)
                .toList();
    }

    private static long endMs(JsonNode result) {
        return Instant.parse(result.path("end").asText()).toEpochMilli();
    }

    private static Map<String, Map<String, Object>> sums(List<JsonNode> results) {
        Map<String, Map<String, Object>> answers = new TreeMap<>();
        results.stream()
                .filter(result -> result.path("count").asLong(1) > 0)
                .collect(Collectors.groupingBy(ActualResults::key))
                .forEach((key, members) -> answers.put(key, sum(members)));
        return answers;
    }

    private static Map<String, Object> sum(List<JsonNode> results) {
        Map<String, Object> sum = new HashMap<>();
        if (results.stream().allMatch(result -> result.has("count"))) {
            long count = results.stream()
                    .mapToLong(result -> result.path("count").longValue())
                    .sum();
            sum.put("count", count);
            if (results.stream().allMatch(result -> result.has("mean"))) {
                double weighted = results.stream()
                        .mapToDouble(result -> result.path("mean").doubleValue()
                                * result.path("count").longValue())
                        .sum();
                sum.put("mean", weighted / count);
            }
        }
        if (results.stream().anyMatch(result -> result.has("sum"))) {
            sum.put("sum", values(results, "sum").sum());
        }
        values(results, "min").min().ifPresent(min -> sum.put("min", min));
        values(results, "max").max().ifPresent(max -> sum.put("max", max));
        return sum;
    }

    private static DoubleStream values(List<JsonNode> results, String field) {
        return results.stream()
                .filter(result -> result.has(field))
                .mapToDouble(result -> result.path(field).doubleValue());
    }

    /** Counts by key when every list shows all its keys; else the events alone. */
    private static Map<String, Map<String, Object>> tops(List<JsonNode> lists) {
        Map<String, Map<String, Object>> answers = new TreeMap<>();
        boolean complete = lists.stream()
                .allMatch(list ->
                        list.path("distinct").longValue() <= list.path("top").size());
        if (complete) {
            Map<String, Long> counts = new TreeMap<>();
            for (JsonNode list : lists) {
                list.path("top")
                        .forEach(entry ->
                                counts.merge(key(entry), entry.path("count").longValue(), Long::sum));
            }
            counts.forEach((key, count) -> answers.put(key, Map.of("count", count)));
        }
        long total =
                lists.stream().mapToLong(list -> list.path("total").longValue()).sum();
        answers.put(Comparison.ALL_KEYS, Map.of("events", total, "unsorted", unsorted(lists)));
        return answers;
    }

    /** How many lists are out of order: more events come first. */
    private static long unsorted(List<JsonNode> lists) {
        return lists.stream()
                .map(list -> list.path("top").findValues("count"))
                .filter(counts -> IntStream.range(1, counts.size())
                        .anyMatch(i ->
                                counts.get(i).longValue() > counts.get(i - 1).longValue()))
                .count();
    }

    /** The key of a result as people read it, in the order of {@code by}. */
    static String key(JsonNode result) {
        return result.path("key").properties().stream()
                .map(column -> column.getValue().asText())
                .collect(Collectors.joining(" "));
    }

    /** All fields, those of objects with the name of the object in front. */
    static Map<String, Object> fields(String prefix, JsonNode result) {
        Map<String, Object> fields = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : result.properties()) {
            JsonNode value = field.getValue();
            if (value.isObject()) {
                String inner = field.getKey().equals("metrics") ? prefix : prefix + field.getKey() + ".";
                fields.putAll(fields(inner, value));
            } else {
                fields.put(prefix + field.getKey(), plain(value));
            }
        }
        return fields;
    }

    private static Object plain(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        return value.isNumber() ? (Object) value.doubleValue() : time(value.asText());
    }

    private static String time(String text) {
        try {
            return Instant.parse(text).toString();
        } catch (DateTimeParseException e) {
            return text;
        }
    }
}
