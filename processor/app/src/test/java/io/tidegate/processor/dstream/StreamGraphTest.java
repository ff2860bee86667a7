package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.processor.dstream.JobHarness.Published;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.spark.event.EventTable;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole graph on Spark against the definition of each result, computed from the list of all events. */
class StreamGraphTest {

    private static final List<Query> QUERIES = List.of(
            query("sessions", "", List.of("device"), new QueryKind.Sessions(5_000, 60_000, 1_000)),
            query("totals", "", List.of("device", "metric"), new QueryKind.Totals(1_000)),
            query(
                    "textbook",
                    "metric = 'a'",
                    List.of("device"),
                    new QueryKind.Window(3_000, 2_000, List.of(AggregateFunction.values()))),
            query(
                    "long",
                    "",
                    List.of(),
                    new QueryKind.Window(10_000, 1_000, List.of(AggregateFunction.COUNT, AggregateFunction.MAX))),
            query("busiest", "", List.of("device"), new QueryKind.Top(3_000, 2_000, 2)),
            query("counts", "", List.of("metric"), new QueryKind.Counts()));
    private static final JobPlan PLAN = new JobPlan(QUERIES, ScriptedGateway.KEY_GROUPS, 2, "gw");

    private final List<Seen> seen = new ArrayList<>();

    @TempDir
    Path checkpoint;

    /** An event and the batch that it came in. */
    private record Seen(long batchMs, String device, String metric, double value, long timeMs) {}

    @BeforeEach
    void empty() {
        ScriptedGateway.forget();
    }

    @Test
    void every_result_is_what_its_definition_says_also_across_a_restart() {
        script(20_000, 7);

        List<Published> all = new ArrayList<>();
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "yesterday:1")) {
            all.addAll(job.runThrough(13_000).published());
        }
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "today:2")) {
            assertThat(job.setting()).isEqualTo("today:2");
            job.runThrough(24_000);
            all.addAll(job.published());
            assertLedgerAddsUp(job.ledger());
        }

        Map<String, Published> answers = withoutRepeats(all);
        assertCounts(answers);
        assertTotals(all);
        assertWindows(answers, "textbook", 3_000, 2_000, s -> s.metric.equals("a"), s -> "/" + s.device);
        assertWindows(answers, "long", 10_000, 1_000, s -> true, s -> "");
        assertTop(answers);
        assertSessions(all);
    }

    /** A batch that is run again after a restart says exactly the same. */
    private static Map<String, Published> withoutRepeats(List<Published> all) {
        Map<String, Published> byVersion = new HashMap<>();
        for (Published one : all) {
            Published before = byVersion.put(one.id() + " " + one.json().get("rev"), one);
            if (before != null) {
                assertThat(one).isEqualTo(before);
            }
        }
        return byVersion;
    }

    private static void assertLedgerAddsUp(Ledger ledger) {
        assertThat(ledger.residual()).isZero();
        assertThat(ledger.queries()).hasSize(QUERIES.size()).allSatisfy(q -> {
            assertThat(q.pulled()).isPositive().isEqualTo(q.applied() + q.late() + q.filtered());
            assertThat(q.filtered() > 0).isEqualTo(q.query().equals("textbook"));
        });
    }

    private void assertCounts(Map<String, Published> answers) {
        Map<String, Long> expected = seen.stream()
                .collect(Collectors.groupingBy(s -> "counts/" + s.metric + "/" + s.batchMs, Collectors.counting()));
        Map<String, Long> counts = new HashMap<>();
        of(answers, "tidegate/counts/")
                .forEach(p -> counts.put(p.id(), p.json().get("count").asLong()));

        assertThat(counts).isEqualTo(expected);
    }

    private void assertTotals(List<Published> all) {
        Map<String, Published> last = new HashMap<>();
        all.stream().filter(p -> p.topic().startsWith("tidegate/totals/")).forEach(p -> last.put(p.id(), p));
        Map<String, List<Seen>> expected =
                seen.stream().collect(Collectors.groupingBy(s -> "totals/" + s.device + "/" + s.metric));

        assertThat(last.keySet()).isEqualTo(expected.keySet());
        expected.forEach((id, events) -> assertFigures(the(id, last).json(), events, true));
    }

    private void assertWindows(
            Map<String, Published> answers,
            String query,
            long windowMs,
            long slideMs,
            Predicate<Seen> where,
            Function<Seen, String> key) {
        Map<String, List<Seen>> expected = new TreeMap<>();
        for (long end = slideMs; end <= 24_000; end += slideMs) {
            for (Seen s : seen) {
                if (where.test(s) && s.batchMs > end - windowMs && s.batchMs <= end) {
                    expected.computeIfAbsent(query + key.apply(s) + "/" + end, id -> new ArrayList<>())
                            .add(s);
                }
            }
        }
        Map<String, Published> windows =
                of(answers, "tidegate/windows/" + query).collect(Collectors.toMap(Published::id, p -> p));
        Map<String, Published> filled = new TreeMap<>(windows);
        filled.values().removeIf(p -> p.json().get("count").asLong() == 0);

        assertThat(filled.keySet()).isEqualTo(expected.keySet());
        expected.forEach((id, events) -> {
            JsonNode json = the(id, filled).json();
            assertFigures(json, events, query.equals("textbook"));
            assertThat(json.has("distinct")).isEqualTo(query.equals("textbook"));
            assertThat(json.get("partial").asBoolean())
                    .isEqualTo(the(id, filled).batch() - windowMs < 0);
        });
        assertEmptiedOnce(windows, expected, slideMs);
    }

    /** Count 0 is published at the first slide after a key's last events have left, and at no other. */
    private static void assertEmptiedOnce(
            Map<String, Published> windows, Map<String, List<Seen>> expected, long slideMs) {
        List<String> emptied = expected.keySet().stream()
                .map(id -> after(id, slideMs))
                .filter(next -> !expected.containsKey(next) && !next.endsWith("/" + (24_000 + slideMs)))
                .sorted()
                .toList();
        List<String> zero = windows.values().stream()
                .filter(p -> p.json().get("count").asLong() == 0)
                .map(Published::id)
                .sorted()
                .toList();
        assertThat(zero).isEqualTo(emptied);
    }

    private static String after(String id, long slideMs) {
        int slash = id.lastIndexOf('/');
        return id.substring(0, slash + 1) + (Long.parseLong(id.substring(slash + 1)) + slideMs);
    }

    private void assertTop(Map<String, Published> answers) {
        for (long end = 2_000; end <= 22_000; end += 2_000) {
            long at = end;
            Map<String, Long> counts = seen.stream()
                    .filter(s -> s.batchMs > at - 3_000 && s.batchMs <= at)
                    .collect(Collectors.groupingBy(Seen::device, Collectors.counting()));
            List<String> expected = counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(2)
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .toList();
            JsonNode top = the("busiest/" + end + " 1", answers).json();
            List<String> given = new ArrayList<>();
            top.get("top")
                    .forEach(entry -> given.add(entry.get("key").get("device").asText() + "="
                            + entry.get("count").asLong()));

            assertThat(given).isEqualTo(expected);
            assertThat(top.get("distinct").asLong()).isEqualTo(counts.size());
            assertThat(top.get("total").asLong())
                    .isEqualTo(counts.values().stream().mapToLong(c -> c).sum());
        }
    }

    /** Nothing is late here, so in the end there are the maximal runs of events without a pause over the gap. */
    private void assertSessions(List<Published> all) {
        Map<String, String> given = new TreeMap<>();
        all.stream()
                .filter(p -> p.topic().startsWith("tidegate/sessions/"))
                .forEach(p -> given.put(
                        p.id(),
                        p.json().get("state").asText().equals("merged")
                                ? "merged"
                                : p.json().get("key").get("device").asText() + " "
                                        + p.json().get("start").asText() + " "
                                        + p.json().get("end").asText() + " "
                                        + p.json().get("events").asLong()));
        given.values().remove("merged");

        assertThat(given.values().stream().filter(s -> !s.equals("merged")))
                .containsExactlyInAnyOrderElementsOf(runs());
    }

    private List<String> runs() {
        List<String> runs = new ArrayList<>();
        Map<String, List<Seen>> byDevice = seen.stream().collect(Collectors.groupingBy(Seen::device));
        byDevice.forEach((device, events) -> {
            events.sort(Comparator.comparingLong(Seen::timeMs));
            int from = 0;
            for (int i = 1; i <= events.size(); i++) {
                if (i == events.size() || events.get(i).timeMs - events.get(i - 1).timeMs > 5_000) {
                    runs.add(device + " " + iso(events.get(from).timeMs) + " " + iso(events.get(i - 1).timeMs) + " "
                            + (i - from));
                    from = i;
                }
            }
        });
        return runs;
    }

    private static String iso(long ms) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochMilli(ms));
    }

    private static void assertFigures(JsonNode json, List<Seen> events, boolean all) {
        DoubleSummaryStatistics stats = events.stream().mapToDouble(Seen::value).summaryStatistics();
        BigDecimal sum = events.stream().map(s -> new BigDecimal(s.value)).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(json.get("count").asLong()).isEqualTo(events.size());
        assertThat(json.get("max").asDouble()).isEqualTo(stats.getMax());
        if (all) {
            assertThat(json.get("min").asDouble()).isEqualTo(stats.getMin());
            assertThat(json.get("sum").asDouble()).isEqualTo(sum.doubleValue());
            assertThat(json.get("mean").asDouble()).isCloseTo(stats.getAverage(), within(1e-9));
        }
        if (json.has("distinct")) {
            assertShape(json, events);
        }
    }

    private static void assertShape(JsonNode json, List<Seen> events) {
        double[] values = events.stream().mapToDouble(Seen::value).sorted().toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares =
                Arrays.stream(values).map(value -> Math.pow(value - mean, 2)).sum();
        assertThat(json.get("distinct").asLong())
                .isEqualTo(Arrays.stream(values).distinct().count());
        assertThat(json.has("approximate")).isFalse();
        assertThat(json.has("stddev")).isEqualTo(values.length > 1);
        if (values.length > 1) {
            assertThat(json.get("stddev").asDouble()).isCloseTo(Math.sqrt(squares / (values.length - 1)), within(1e-9));
        }
        Map.of("p50", 0.50, "p95", 0.95, "p99", 0.99).forEach((name, part) -> {
            double exact = values[(int) Math.ceil(part * values.length) - 1];
            assertThat(json.get(name).asDouble()).isCloseTo(exact, withinPercentage(1));
        });
    }

    private static Published the(String id, Map<String, Published> answers) {
        return Objects.requireNonNull(answers.get(id), id);
    }

    private static Stream<Published> of(Map<String, Published> answers, String topic) {
        return answers.values().stream().filter(p -> p.topic().startsWith(topic));
    }

    /** Four devices with pauses, some events up to 4 s old, none after {@code untilMs}. */
    private void script(long untilMs, long seed) {
        Random random = new Random(seed);
        for (long batch = 1_000; batch <= untilMs; batch += 1_000) {
            for (int i = 0; i < 12; i++) {
                int device = random.nextInt(4);
                boolean pausing = (batch / 1_000 + 5L * device) % 14 >= 8;
                if (!pausing) {
                    add(batch, device, random);
                }
            }
        }
    }

    private void add(long batch, int device, Random random) {
        long time = 1_700_000_000_000L
                + batch
                - random.nextInt(1_000)
                - (random.nextInt(4) == 0 ? random.nextInt(4_000) : 0);
        Seen one = new Seen(batch, "d" + device, random.nextBoolean() ? "a" : "b", random.nextGaussian() * 10, time);
        seen.add(one);
        ScriptedGateway.write(
                batch,
                device % ScriptedGateway.KEY_GROUPS,
                Event.newBuilder()
                        .setTimeUs(time * 1_000 + 5)
                        .setReceivedMs(batch - 1)
                        .setReading(Reading.newBuilder()
                                .setDevice(one.device)
                                .setMetric(one.metric)
                                .setValue(one.value))
                        .build());
    }

    static Query query(String name, String where, List<String> by, QueryKind kind) {
        List<ByColumn> columns = by.stream().map(c -> new ByColumn(c, c)).toList();
        return new Query(
                name, new RowExpressions(EventTable.READINGS, where, columns, "value"), kind, List.of(Target.CONSOLE));
    }
}
