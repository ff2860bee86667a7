package io.tidegate.simulator.oracle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is to be answered to a query: fields by key. Sessions have their start in the key. Windows, top lists and counts go
 * by batch time, which no scenario knows: of them it is what all batches together come to.
 *
 * @param undecided keys that the scenario does not decide, and why
 * @param late events that no session takes any more; empty when that depends on undecided keys
 * @param total all rows of the query
 */
public record ExpectedResults(
        Map<String, Map<String, Object>> answers, Map<String, String> undecided, Optional<Long> late, long total) {
    private static final int CLIENT_ERROR = 400;

    /** The expected answers to a query that can be judged. */
    public static ExpectedResults of(Query query, ExpectedState state) {
        Map<String, List<Row>> keys = query.rows(state);
        long total = keys.values().stream().mapToLong(List::size).sum();
        if (query.kind().equals("sessions")) {
            return sessions(query, keys, total);
        }
        Map<String, Map<String, Object>> answers = new TreeMap<>();
        keys.forEach((key, rows) -> answers.put(key, figures(query, rows)));
        return new ExpectedResults(answers, Map.of(), Optional.of(0L), total);
    }

    private static Map<String, Object> figures(Query query, List<Row> rows) {
        Map<String, Object> answer = new HashMap<>();
        putFigures(answer, "", rows, query.value());
        if (query.kind().equals("totals")) {
            List<Row> known = rows.stream().filter(row -> !row.clamped()).toList();
            // What is clamped has the time of receipt, which is later than all that a scenario can say.
            known.stream().mapToLong(Row::timeMs).min().ifPresent(ms -> answer.put("since", time(ms)));
            if (known.size() == rows.size()) {
                known.stream().mapToLong(Row::timeMs).max().ifPresent(ms -> answer.put("until", time(ms)));
            }
        }
        return answer;
    }

    /** Adds count, sum, mean, least and greatest under their names. Without a value there is a count alone. */
    private static void putFigures(Map<String, Object> answer, String prefix, List<Row> rows, String column) {
        answer.put(prefix + "count", (long) rows.size());
        Statistics values = new Statistics();
        rows.stream().map(row -> row.number(column)).filter(Objects::nonNull).forEach(values::add);
        if (values.count() > 0) {
            answer.put(prefix + "sum", values.sum());
            answer.put(prefix + "mean", values.mean());
            answer.put(prefix + "min", values.min());
            answer.put(prefix + "max", values.max());
        }
    }

    private static ExpectedResults sessions(Query query, Map<String, List<Row>> keys, long total) {
        Map<String, Map<String, Object>> answers = new TreeMap<>();
        Map<String, String> undecided = new TreeMap<>();
        long late = 0;
        for (Map.Entry<String, List<Row>> key : keys.entrySet()) {
            Optional<SessionWindows.Outcome> outcome =
                    SessionWindows.of(key.getValue(), query.gapMs(), query.latenessMs());
            if (outcome.isEmpty()) {
                undecided.put(key.getKey(), "which events are late depends on the batches");
                continue;
            }
            late += outcome.get().late();
            for (List<Row> rows : outcome.get().sessions()) {
                answers.put(key.getKey() + " from " + time(rows.get(0).timeMs()), session(query, rows));
            }
        }
        return new ExpectedResults(
                answers, undecided, undecided.isEmpty() ? Optional.of(late) : Optional.empty(), total);
    }

    private static Map<String, Object> session(Query query, List<Row> rows) {
        Map<String, Object> answer = new HashMap<>();
        answer.put("end", time(rows.get(rows.size() - 1).timeMs()));
        answer.put("events", (long) rows.size());
        if (query.from().equals("requests")) {
            visit(answer, rows);
            return answer;
        }
        Map<String, List<Row>> metrics =
                rows.stream().collect(Collectors.groupingBy(row -> String.valueOf(row.get("metric"))));
        metrics.forEach((metric, members) -> {
            putFigures(answer, metric + ".", members, query.value());
            answer.remove(metric + ".sum"); // a session does not tell it
            last(members, query.value()).ifPresent(last -> answer.put(metric + ".last", last));
        });
        return answer;
    }

    /** The last value by time; of the same time, the one sent last, which is unknown between several senders. */
    private static Optional<Double> last(List<Row> rows, String column) {
        List<Row> valued =
                rows.stream().filter(row -> row.number(column) != null).toList();
        if (valued.isEmpty()) {
            return Optional.empty();
        }
        Row last = valued.get(valued.size() - 1);
        boolean tie = valued.stream()
                .anyMatch(row -> row.timeMs() == last.timeMs() && !row.source().equals(last.source()));
        return tie ? Optional.empty() : Optional.ofNullable(last.number(column));
    }

    private static void visit(Map<String, Object> answer, List<Row> rows) {
        answer.put("pages", (long) rows.size());
        answer.put(
                "bytes",
                rows.stream()
                        .map(row -> row.number("bytes"))
                        .filter(Objects::nonNull)
                        .mapToLong(Double::longValue)
                        .sum());
        answer.put(
                "errors",
                rows.stream()
                        .map(row -> row.number("status"))
                        .filter(status -> status != null && status >= CLIENT_ERROR)
                        .count());
        if (rows.stream().map(Row::source).distinct().count() == 1) {
            List<String> paths = new ArrayList<>(
                    rows.stream().map(row -> String.valueOf(row.get("path"))).toList());
            answer.put("entry", paths.get(0));
            answer.put("exit", paths.get(paths.size() - 1));
        }
    }

    private static String time(long epochMs) {
        return Instant.ofEpochMilli(epochMs).toString();
    }
}
