package io.tidegate.processor.aggregate.anomalies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.AnomalyResult;
import io.tidegate.processor.result.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What anomaly queries find in data with labels: a program to be run by hand, which no build runs and which asserts nothing.
 * Each {@code NAME.csv} of the folder {@code -Dtidegate.labelled} (lines of time and value) has its labels in {@code
 * NAME_windows.json}, as the Numenta Anomaly Benchmark writes them.
 *
 * <pre>./mvnw test -pl processor/app -am -Dtest=AnomalyBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * cat processor/app/target/surefire-reports/*AnomalyBenchmark-output.txt</pre>
 */
class AnomalyBenchmark {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSS]");
    private static final String LABELS = "_windows.json";
    /** Of the beginning, nothing is judged, as in that benchmark: every method may learn from it. */
    static final double LEARNING_PART = 0.15;

    static final long HOUR_MS = Duration.ofHours(1).toMillis();
    private static final int RECOVER_AFTER = 10;

    /** A value at a time. */
    record Sample(long timeMs, double value) {}

    /** From when until when: a label, or an anomaly that was found. */
    record Span(long fromMs, long throughMs) {
        boolean overlaps(Span other) {
            return fromMs <= other.throughMs && throughMs >= other.fromMs;
        }
    }

    @Test
    void compare() throws IOException {
        Path folder = Path.of(System.getProperty("tidegate.labelled", "../../../shared/data"));
        assumeTrue(Files.isDirectory(folder), "no labelled data in " + folder);
        List<Path> labels;
        try (Stream<Path> files = Files.list(folder)) {
            labels = files.filter(file -> file.toString().endsWith(LABELS))
                    .sorted()
                    .toList();
        }
        System.out.printf(
                Locale.ROOT,
                "%-24s %-26s %9s %6s %9s %6s  %s%n",
                "data",
                "method",
                "anomalies",
                "false",
                "precision",
                "recall",
                "hours from each label's beginning");
        for (Path file : labels) {
            String name = file.getFileName().toString().replace(LABELS, "");
            judge(name, samples(folder.resolve(name + ".csv")), spans(file));
        }
    }

    private static void judge(String name, List<Sample> samples, List<Span> labels) throws IOException {
        for (int deviations : new int[] {3, 4}) {
            report(name, "threshold, " + deviations + " deviations", threshold(samples, deviations), samples, labels);
        }
        for (int factor : new int[] {1, 2}) {
            report(name, "k-means, " + factor + " times as far", KMeansOfHours.spans(samples, factor), samples, labels);
        }
        for (int windowHours : new int[] {24, 7 * 24}) {
            for (int threshold : new int[] {6, 10}) {
                List<Span> found = anomalies(samples, windowHours * HOUR_MS, threshold);
                report(name, "anomaly, " + windowHours + "h, threshold " + threshold, found, samples, labels);
            }
        }
    }

    private static void report(String name, String method, List<Span> all, List<Sample> samples, List<Span> labels) {
        long judgedFromMs = samples.get((int) (samples.size() * LEARNING_PART)).timeMs;
        List<Span> found =
                all.stream().filter(span -> span.throughMs >= judgedFromMs).toList();
        List<Span> judged =
                labels.stream().filter(label -> label.throughMs >= judgedFromMs).toList();
        long right = found.stream()
                .filter(span -> judged.stream().anyMatch(span::overlaps))
                .count();
        List<String> delays = new ArrayList<>();
        int hits = 0;
        for (Span label : judged) {
            OptionalLong first = found.stream()
                    .filter(label::overlaps)
                    .mapToLong(span -> Math.max(0, span.fromMs - label.fromMs))
                    .min();
            hits += first.isPresent() ? 1 : 0;
            delays.add(
                    first.isPresent() ? String.format(Locale.ROOT, "%.1f", first.getAsLong() / (double) HOUR_MS) : "-");
        }
        System.out.printf(
                Locale.ROOT,
                "%-24s %-26s %9d %6d %9.2f %6.2f  %s%n",
                name,
                method,
                found.size(),
                found.size() - right,
                found.isEmpty() ? 1 : right / (double) found.size(),
                judged.isEmpty() ? 1 : hits / (double) judged.size(),
                String.join(" ", delays));
    }

    /** A fixed limit, so many standard deviations from the mean of the beginning; ends like an anomaly. */
    private static List<Span> threshold(List<Sample> samples, double deviations) {
        List<Sample> first = samples.subList(0, (int) (samples.size() * LEARNING_PART));
        double mean = first.stream().mapToDouble(Sample::value).average().orElseThrow();
        double variance = first.stream()
                .mapToDouble(sample -> (sample.value - mean) * (sample.value - mean))
                .average()
                .orElseThrow();
        List<Span> found = new ArrayList<>();
        long fromMs = Long.MIN_VALUE;
        int calm = 0;
        for (Sample sample : samples) {
            if (Math.abs(sample.value - mean) >= deviations * Math.sqrt(variance)) {
                fromMs = fromMs == Long.MIN_VALUE ? sample.timeMs : fromMs;
                calm = 0;
            } else if (fromMs != Long.MIN_VALUE && ++calm == RECOVER_AFTER) {
                found.add(new Span(fromMs, sample.timeMs));
                fromMs = Long.MIN_VALUE;
                calm = 0;
            }
        }
        if (fromMs != Long.MIN_VALUE) {
            found.add(new Span(fromMs, Long.MAX_VALUE));
        }
        return found;
    }

    /** What an anomaly query says, by its own state, in batches of 100 readings. */
    private static List<Span> anomalies(List<Sample> samples, long windowMs, double threshold) {
        QueryKind.Anomaly kind = new QueryKind.Anomaly(
                windowMs,
                windowMs / 12,
                30,
                0,
                new QueryKind.Anomaly.Thresholds(threshold, threshold / 2, 1, RECOVER_AFTER),
                1);
        AnomalyAggregation query = new AnomalyAggregation(new Subject("odd", List.of()), kind, 1);
        AnomaliesState state = AnomaliesState.EMPTY;
        List<Result> results = new ArrayList<>();
        for (int from = 0; from < samples.size(); from += 100) {
            PartialBuilder batch = query.builder(1);
            for (int i = from; i < Math.min(samples.size(), from + 100); i++) {
                Sample sample = samples.get(i);
                batch.add("[]", new InputEvent(sample.timeMs, sample.timeMs, 0, i, "", sample.value));
            }
            StateUpdate<AnomaliesState> update =
                    query.advance(state, batch.build().values().iterator().next(), from + 1);
            state = update.state();
            results.addAll(update.results());
        }
        return spans(results);
    }

    private static List<Span> spans(List<Result> results) {
        List<Span> spans = new ArrayList<>();
        Span open = null;
        for (Result result : results) {
            AnomalyResult anomaly = (AnomalyResult) result;
            if (anomaly.state() == AnomalyResult.State.ANOMALOUS) {
                open = new Span(anomaly.sinceMs(), Long.MAX_VALUE);
            } else if (open != null) { // recovered, or it learns anew
                spans.add(new Span(open.fromMs, anomaly.timeMs()));
                open = null;
            }
        }
        if (open != null) {
            spans.add(open);
        }
        return spans;
    }

    private static List<Sample> samples(Path csv) throws IOException {
        try (Stream<String> lines = Files.lines(csv, UTF_8)) {
            return lines.skip(1)
                    .map(line -> line.split(",", -1))
                    .map(columns -> new Sample(time(columns[0]), Double.parseDouble(columns[1])))
                    .toList();
        }
    }

    private static List<Span> spans(Path labels) throws IOException {
        List<Span> spans = new ArrayList<>();
        for (JsonNode file : new ObjectMapper().readTree(labels.toFile())) {
            for (JsonNode window : file) {
                spans.add(new Span(
                        time(window.get(0).asText()), time(window.get(1).asText())));
            }
        }
        return spans;
    }

    private static long time(String text) {
        return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
