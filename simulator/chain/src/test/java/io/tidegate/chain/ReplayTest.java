package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.LogReader;
import io.tidegate.harness.Program;
import io.tidegate.harness.RecordingPublisher;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.harness.SentReading;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries over the past, beside the live processor. Every result of the replay is compared with a count by hand over what
 * was sent, by the time at which the log says it was received; the windows of DStreams also with those of Spark SQL over the
 * same times.
 */
final class ReplayTest {

    private static final long BATCH_MS = 1_000;
    private static final long WINDOW_MS = 4_000;
    private static final long SESSION_GAP_MS = 150;
    private static final int LIMIT = 3;
    private static final String QUERIES = """
                { name = devices, kind = totals, from = readings, by = [device] }
                { name = recent, kind = window, from = readings, by = [device], window = 4s, slide = 2s
                  compute = [count, sum], to = [mqtt, files] }
                { name = busiest, kind = top, from = readings, by = [device], window = 4s, slide = 1s, limit = 3 }
                { name = rows, kind = sql, output-mode = update, trigger = 500ms, max-events = 300, to = [mqtt, jdbc]
                  topic = "tidegate/sql/rows/{device}", retained = true, jdbc { key = [device] }
                  sql = "SELECT device, count(*) AS n, sum(value) AS s FROM readings GROUP BY device" }
                { name = recent-in-sql, kind = sql, output-mode = update
                  sql = "SELECT unix_millis(w.end) AS end, device, count(*) AS n, sum(value) AS s FROM (SELECT window(received, '4 seconds', '2 seconds') AS w, device, value FROM readings) GROUP BY w, device"
                  topic = "tidegate/sql/recent/{end}/{device}" }
                { name = twin, kind = sessions, engine = structured, from = readings, by = [device], gap = 150ms
                  allowed-lateness = 10s, max-events = 200 }
                { name = unwanted, kind = counts, from = readings }
            """;

    @TempDir
    private Path folder;

    @SlowTest(seconds = 50)
    void queries_run_over_the_past_beside_the_live_processor_and_touch_nothing_of_it() throws Exception {
        Seed seed = Seed.of("replay");
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder live = ResultRecorder.subscribe(chain.brokerPort());
                    ResultRecorder replayed = ResultRecorder.subscribe(chain.brokerPort(), "tidegate-replay/#")) {
                chain.startGateway();
                Program processor = chain.startProcessor(QUERIES, "--queries", "devices,rows");
                chain.awaitReady();
                assertThat(queries(chain)).containsExactly("devices", "rows");

                List<SentReading> sent = new ArrayList<>(publish(chain, "before", seed));
                LocalDateTime from = LocalDateTime.now(ZoneId.systemDefault());
                sent.addAll(publish(chain, "after", seed));
                chain.awaitLogged(sent.size());
                awaitLive(live, sent);
                List<String> groups = groups(chain);
                long committed = chain.delivered();

                Program replay = chain.startReplay(
                        "--from", "" + from, "--queries", "devices,recent,busiest,rows,recent-in-sql,twin");
                assertThat(replay.await(180)).as(replay.output()).isZero();

                assertThat(groups(chain)).as("consumer groups").isEqualTo(groups);
                assertThat(chain.delivered()).isEqualTo(committed);
                awaitLive(live, sent);
                long fromMs = from.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
                List<Event> past = GatewayLog.events(chain.pullPort()).stream()
                        .filter(event -> event.getReceivedMs() >= fromMs)
                        .toList();
                assertThat(past.size()).isBetween(1, sent.size() - 1);
                assertReplayed(replayed, past);
                assertThat(replay.output())
                        .contains("residual 0")
                        .contains("pulled %,d = applied %,d".formatted(past.size(), past.size()))
                        .contains("tidegate-replay/")
                        .contains("replayed %,d events".formatted(past.size()))
                        .doesNotContain("WARNING: the gateway has trimmed");
                assertThat(folder.resolve("data/results-replay/recent")).isDirectory();
                assertThat(folder.resolve("data/results/recent")).doesNotExist();
                assertThat(table(folder.resolve("data/results-replay"))).isEqualTo(figures(sent(past)));
                Program again = chain.startReplay("--from", "" + from, "--queries", "recent,rows,devices");
                assertThat(again.await(180)).as(again.output()).isEqualTo(78);
                assertThat(again.output())
                        .contains("replay.name: replay (expected: another name")
                        .contains("files data/results-replay/recent, table replay_rows");
                assertThat(table(folder.resolve("data/results-replay"))).isEqualTo(figures(sent(past)));

                sent.addAll(publish(chain, "later", seed));
                awaitLive(live, sent);
                // A batch goes to one place after the other, and a stop amid it leaves the other to the next start.
                await().until(() -> rowsOfBatchesThatAreDone(chain) == sent.size());
                assertThat(processor.stop()).as(processor.output()).isZero();
                assertThat(table(folder.resolve("data/results"))).isEqualTo(figures(sent));
            }
        }
    }

    @SlowTest(seconds = 10)
    void an_unknown_query_and_a_time_to_come_are_wrong_usage() {
        try (Chain chain = new Chain(folder)) {
            try (Program unknown = chain.startProcessor(QUERIES, "--queries", "devices,divices")) {
                assertThat(unknown.await(180)).as(unknown.output()).isEqualTo(2);
                assertThat(unknown.output())
                        .contains("divices", "any of devices, recent, busiest, unwanted, rows, recent-in-sql, twin");
            }
            try (Program future = chain.startReplay("--from", Instant.now().plusSeconds(3600) + "")) {
                assertThat(future.await(180)).as(future.output()).isEqualTo(2);
                assertThat(future.output()).contains("--from", "a time that has been");
            }
        }
    }

    @SlowTest(seconds = 30)
    void a_replay_of_what_is_trimmed_warns_and_one_that_is_stopped_says_so_and_leaves_nothing() throws Exception {
        Seed seed = Seed.of("replay-trimmed");
        Instant from = Instant.now().minus(Duration.ofHours(1));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            chain.startGateway(
                    List.of(), "-Dtidegate.gateway.log.min-retention=1s", "-Dtidegate.gateway.log.trim-interval=1s");
            chain.awaitGateway();
            chain.awaitLogged(publish(chain, "first", seed).size());
            assertThat(new LogReader(chain.pullPort()).readAndCommit()).isNotEmpty();
            await().until(() -> chain.inLedger("/log/trimmed") > 0);
            chain.configure(
                    "{ name = hours, kind = window, from = readings, window = 30m, slide = 1s, compute = [count] }");
            try (RecordingPublisher publisher =
                    RecordingPublisher.start(chain.brokerPort(), new RecordingPublisher.Plan("second", 2, 100), seed)) {
                await().until(() -> publisher.sent().size() > 10);
                Program replay = chain.startReplay("--from", "" + from, "-Djava.io.tmpdir=" + temporary);
                await().atMost(Duration.ofMinutes(3))
                        .until(() -> replay.output().contains("batches of 1s") || !replay.isAlive());
                await().until(() -> left(temporary).stream().anyMatch(own -> Files.isDirectory(own.resolve("spark"))));

                assertThat(replay.stop()).as(replay.output()).isEqualTo(1);
                assertThat(replay.output())
                        .contains("WARNING: the gateway has trimmed events of that time")
                        .contains("the replay was stopped before its end: its results are incomplete")
                        .doesNotContain("has not reached its end")
                        .doesNotContain("replayed ");
                assertThat(left(temporary)).isEmpty();
            }
        }
    }

    private static List<Path> left(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("tidegate-replay-"))
                    .toList();
        }
    }

    private static List<SentReading> publish(Chain chain, String client, Seed seed) {
        RecordingPublisher.Plan plan = new RecordingPublisher.Plan(client, 6, 100);
        try (RecordingPublisher publisher = RecordingPublisher.start(chain.brokerPort(), plan, seed)) {
            await().until(() -> publisher.sent().size() >= 600);
            publisher.finish();
            await().until(publisher::isDrained);
            return publisher.sent();
        }
    }

    private static List<String> queries(Chain chain) {
        return StreamSupport.stream(
                        chain.processor("/queries").orElseThrow().get("queries").spliterator(), false)
                .map(query -> query.get("name").textValue())
                .toList();
    }

    /** Of the query in SQL since the processor's start: Spark tells of a batch when all its places have it. */
    private static long rowsOfBatchesThatAreDone(Chain chain) {
        return chain.processor("/queries")
                .map(page -> StreamSupport.stream(page.get("queries").spliterator(), false)
                        .filter(query -> query.get("name").textValue().equals("rows"))
                        .mapToLong(query -> query.at("/progress/rowsSinceStart").longValue())
                        .sum())
                .orElse(-1L);
    }

    private static List<String> groups(Chain chain) {
        return StreamSupport.stream(
                        chain.gateway("/ledger").orElseThrow().get("groups").spliterator(), false)
                .map(group -> group.get("group").textValue())
                .toList();
    }

    /** Count and sum. */
    private record Figures(long count, double sum) {}

    private static Map<String, Figures> figures(Collection<SentReading> readings) {
        return readings.stream()
                .collect(Collectors.groupingBy(
                        SentReading::device,
                        TreeMap::new,
                        Collectors.teeing(
                                Collectors.counting(), Collectors.summingDouble(SentReading::value), Figures::new)));
    }

    private static List<SentReading> sent(Collection<Event> events) {
        return events.stream().map(GatewayLog::sent).toList();
    }

    private static void awaitLive(ResultRecorder live, List<SentReading> sent) {
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            assertThat(totals(live)).isEqualTo(figures(sent));
            assertThat(rows(live, "tidegate", sent)).isEqualTo(figures(sent));
        });
    }

    private static Map<String, Figures> totals(ResultRecorder results) {
        return results.of("devices").stream().collect(Collectors.toMap(ReplayTest::device, ReplayTest::figures));
    }

    private static Map<String, Figures> rows(ResultRecorder results, String root, Collection<SentReading> sent) {
        return sent.stream()
                .map(SentReading::device)
                .distinct()
                .map(device -> results.last(root + "/sql/rows/" + device))
                .filter(Objects::nonNull)
                .collect(Collectors.toMap(
                        row -> row.get("device").textValue(),
                        row -> new Figures(
                                row.get("n").longValue(), row.get("s").doubleValue())));
    }

    private static String device(JsonNode result) {
        return result.at("/key/device").textValue();
    }

    private static Figures figures(JsonNode result) {
        return new Figures(result.get("count").longValue(), result.path("sum").doubleValue());
    }

    private static long endMs(JsonNode result) {
        return Instant.parse(result.get("end").textValue()).toEpochMilli();
    }

    private static void assertReplayed(ResultRecorder replayed, List<Event> past) {
        await().untilAsserted(() -> assertThat(totals(replayed)).isEqualTo(figures(sent(past))));
        await().untilAsserted(() ->
                assertThat(rows(replayed, "tidegate-replay", sent(past))).isEqualTo(figures(sent(past))));
        Map<Long, Map<String, Figures>> windows = new TreeMap<>();
        replayed.of("recent").stream()
                .filter(window -> window.get("count").longValue() > 0)
                .forEach(window -> windows.computeIfAbsent(endMs(window), end -> new HashMap<>())
                        .put(device(window), figures(window)));
        long first = past.stream().mapToLong(Event::getReceivedMs).min().orElseThrow();
        long last = past.stream().mapToLong(Event::getReceivedMs).max().orElseThrow();
        Map<Long, Map<String, Figures>> expected = new TreeMap<>();
        for (long end = first / 2000 * 2000; end <= (last / BATCH_MS + 1) * BATCH_MS; end += 2 * BATCH_MS) {
            Map<String, Figures> window = figures(sent(within(past, end)));
            if (!window.isEmpty()) {
                expected.put(end, window);
            }
        }
        assertThat(windows).containsAllEntriesOf(expected);
        assertThat(windows.keySet()).allMatch(end -> !within(past, end).isEmpty());
        assertThat(windows)
                .as("the same windows by the other engine, where both have them")
                .allSatisfy((end, devices) -> assertThat(devices.keySet())
                        .allSatisfy(device ->
                                assertThat(inSql(replayed, end, device)).isEqualTo(devices.get(device))));
        List<JsonNode> rankings = replayed.of("busiest");
        assertThat(rankings).hasSizeGreaterThan(6).allSatisfy(ranking -> {
            List<Event> within = within(past, endMs(ranking));
            assertThat(ranking.get("total").longValue()).isEqualTo(within.size());
            assertThat(ranking(ranking)).isEqualTo(ranking(within));
        });
        await().untilAsserted(() -> assertThat(sessions(replayed)).isEqualTo(sessions(past)));
        assertThat(replayed.of("unwanted")).isEmpty();
        assertThat(replayed.contradictions()).isEmpty();
    }

    /** Device, start, end and events. */
    private static Set<String> sessions(ResultRecorder replayed) {
        return replayed.of("twin").stream()
                .filter(session -> !session.get("state").textValue().equals("merged"))
                .map(session -> device(session) + " " + session.get("start").textValue() + " "
                        + session.get("end").textValue() + " " + session.get("events"))
                .collect(Collectors.toSet());
    }

    /** The same by hand. */
    private static Set<String> sessions(List<Event> past) {
        Set<String> sessions = new HashSet<>();
        past.stream()
                .collect(Collectors.groupingBy(
                        event -> event.getReading().getDevice(),
                        Collectors.mapping(event -> event.getTimeUs() / 1_000, Collectors.toList())))
                .forEach((device, unordered) -> {
                    List<Long> times = unordered.stream().sorted().toList();
                    int first = 0;
                    for (int i = 1; i <= times.size(); i++) {
                        if (i == times.size() || times.get(i) - times.get(i - 1) > SESSION_GAP_MS) {
                            sessions.add(device + " " + text(times.get(first)) + " " + text(times.get(i - 1)) + " "
                                    + (i - first));
                            first = i;
                        }
                    }
                });
        return sessions;
    }

    private static String text(long timeMs) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochMilli(timeMs));
    }

    private static Figures inSql(ResultRecorder replayed, long endMs, String device) {
        JsonNode row = Objects.requireNonNull(replayed.last("tidegate-replay/sql/recent/" + endMs + "/" + device));
        return new Figures(row.get("n").longValue(), row.get("s").doubleValue());
    }

    /** What was received in the window that ends there. */
    private static List<Event> within(List<Event> past, long endMs) {
        return past.stream()
                .filter(event -> event.getReceivedMs() >= endMs - WINDOW_MS && event.getReceivedMs() < endMs)
                .toList();
    }

    private static List<String> ranking(JsonNode ranking) {
        return StreamSupport.stream(ranking.get("top").spliterator(), false)
                .map(one -> one.at("/key/device").textValue() + " " + one.get("count"))
                .toList();
    }

    private static List<String> ranking(List<Event> within) {
        return sent(within).stream()
                .collect(Collectors.groupingBy(SentReading::device, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(LIMIT)
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
    }

    /** What is in a database that nobody has open. */
    private static Map<String, Figures> table(Path file) throws SQLException {
        String name = file.endsWith("results") ? "rows" : "replay_rows";
        Map<String, Figures> rows = new TreeMap<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:h2:file:" + file + ";DATABASE_TO_LOWER=TRUE;IFEXISTS=TRUE");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT \"device\", \"n\", \"s\" FROM \"" + name + "\"")) {
            while (row.next()) {
                rows.put(row.getString(1), new Figures(row.getLong(2), row.getDouble(3)));
            }
        }
        return rows;
    }
}
