package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.protocol.TopicLevel;
import io.tidegate.simulator.web.LogLine;
import io.tidegate.simulator.web.WebPlan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both engines over the same input, in one processor: sessions of devices and visits of a web site on DStreams beside those
 * of Structured Streaming, totals beside a {@code GROUP BY}. Every total and every session is compared between the two, and
 * with an oracle that shares no code with either. Batches of the two engines differ, and no event here is late in any of
 * them: events are out of order by less than the allowed lateness.
 */
final class TwoEnginesTest {

    private static final Duration GAP = Duration.ofSeconds(4);
    private static final Duration VISIT_GAP = Duration.ofSeconds(1);
    private static final int WEB_CLIENTS = 40;
    private static final int SECONDS = 40;
    private static final int RATE = 120;
    private static final String QUERIES = """
                { name = sessions, kind = sessions, from = readings, by = [device], gap = 4s, allowed-lateness = 20s }
                { name = twin, kind = sessions, engine = structured, from = readings, by = [device], gap = 4s
                  allowed-lateness = 20s, trigger = 700ms, max-events = 400, to = [mqtt, jdbc] }
                { name = visitors, kind = sessions, from = requests, by = [client], gap = 1s, allowed-lateness = 20s }
                { name = visits, kind = sessions, engine = structured, from = requests, by = [client], gap = 1s
                  allowed-lateness = 20s, trigger = 700ms, max-events = 400 }
                { name = odd, kind = anomaly, from = readings, by = [device, metric], window = 10s, slide = 1s, warm-up = 5
                  threshold = 2, recover-after = 2 }
                { name = strange, kind = anomaly, engine = structured, from = readings, by = [device, metric], window = 10s
                  slide = 1s, warm-up = 5, threshold = 2, recover-after = 2, trigger = 700ms, max-events = 400 }
                { name = totals, kind = totals, from = readings, by = [device, metric] }
                { name = sums, kind = sql, output-mode = update, trigger = 700ms, topic = "tidegate/sql/sums/{device}/{metric}"
                  sql = "SELECT device, metric, count(*) AS count, sum(value) AS sum, min(value) AS min, max(value) AS max, min(time) AS since, max(time) AS until FROM readings GROUP BY device, metric" }
            """;

    @TempDir
    private Path folder;

    @SlowTest(seconds = 90)
    void in_order_both_engines_say_the_same() throws Exception {
        agree(Seed.of("two-engines-in-order"), "0", false);
    }

    @SlowTest(seconds = 90)
    void out_of_order_both_engines_say_the_same() throws Exception {
        agree(Seed.of("two-engines-out-of-order"), "0.3", false);
    }

    @SlowTest(seconds = 100)
    void with_a_kill_and_a_restart_in_between_both_engines_say_the_same() throws Exception {
        agree(Seed.of("two-engines-restart"), "0.3", true);
    }

    private void agree(Seed seed, String outOfOrder, boolean restart) throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startGateway();
                Program processor = chain.startProcessor(QUERIES);
                chain.awaitReady();
                ExpectedFleet plan = new ExpectedFleet(
                        (int) (seed.value() & 0xFFFF),
                        SECONDS,
                        30,
                        RATE,
                        Instant.now().truncatedTo(ChronoUnit.SECONDS),
                        Map.of(
                                "out-of-order.fraction", outOfOrder,
                                "out-of-order.delay", "3s",
                                "pauses.fraction", "0.6",
                                "pauses.every", "12s",
                                "pauses.length", "12s"));
                Program fleet = plan.startFleet(chain);
                List<LogLine> web = web(seed);
                chain.postLogs(text(web.subList(0, web.size() / 2)));
                if (restart) {
                    chain.awaitLogged((long) SECONDS * RATE / 3);
                    processor.kill();
                    processor = chain.startProcessor(QUERIES);
                    chain.awaitLogged((long) SECONDS * RATE * 2 / 3);
                    chain.awaitProcessorReady();
                    assertThat(processor.stop()).as(processor.output()).isZero();
                    processor = chain.startProcessor(QUERIES);
                }
                chain.postLogs(text(web.subList(web.size() / 2, web.size())));
                assertThat(fleet.await(180)).as(fleet.output()).isZero();

                plan.awaitExact(results, GAP);
                await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(
                                () -> assertThat(sessions(results, "twin")).isEqualTo(sessions(results, "sessions")));
                await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(
                                () -> assertThat(sessions(results, "visits")).isEqualTo(sessions(results, "visitors")));
                List<WebVisit> visits = WebVisit.planned(
                        web.stream()
                                .map(LogLine::entry)
                                .flatMap(Optional::stream)
                                .toList(),
                        VISIT_GAP);
                assertThat(WebVisit.told(results, "visits")).containsExactlyInAnyOrderElementsOf(visits);
                assertThat(visits.size()).isGreaterThan(WEB_CLIENTS);
                await().untilAsserted(() -> assertSameTotals(results));
                if (outOfOrder.equals("0")) { // a value is compared with what came before it
                    await().untilAsserted(() ->
                            assertThat(anomalies(results, "strange")).isEqualTo(anomalies(results, "odd")));
                    assertThat(anomalies(results, "odd").values())
                            .extracting(anomaly -> anomaly.get("state").textValue())
                            .contains("normal", "recovered");
                }
                assertThat(ExpectedFleet.closedTooEarly(results, "twin"))
                        .as("sessions of the twin that were closed while their events were waiting")
                        .isEmpty();
                assertThat(results.contradictions()).isEmpty();
                assertThat(processor.stop()).as(processor.output()).isZero();
                assertThat(closedInTable()).isEqualTo(sessions(results, "twin").size());
            }
        }
    }

    /** The lines of a web server, for half a minute, in order. */
    private static List<LogLine> web(Seed seed) throws Exception {
        Map<String, String> settings = Map.of("web.rate", "20", "web.damaged", "0", "web.visitors", "" + WEB_CLIENTS);
        List<LogLine> lines = new ArrayList<>();
        Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(1));
        WebPlan.of(ExpectedFleet.settings(settings).web().shape(), seed.value(), start, Duration.ofSeconds(30))
                .forEachRemaining(lines::add);
        return lines;
    }

    private static String text(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).collect(Collectors.joining("\n"));
    }

    /** How many sessions the twin's table has; each is a row that its versions have followed each other in. */
    private long closedInTable() throws SQLException {
        String database = "jdbc:h2:file:" + folder.resolve("data/results") + ";DATABASE_TO_LOWER=TRUE";
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM \"twin\" WHERE \"state\" = 'closed'")) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Sessions by device and start, with all that does not depend on which event came in which batch: that are their
     * versions, and the identity where the first event was not the first to come.
     */
    private static Map<String, JsonNode> sessions(ResultRecorder results, String query) {
        return results.of(query).stream()
                .filter(result -> !result.get("state").textValue().equals("merged"))
                .map(result ->
                        ((ObjectNode) result.deepCopy()).remove(List.of("query", "id", "rev", "batch", "session")))
                .collect(Collectors.toMap(
                        session -> session.get("key") + " " + session.get("start"),
                        session -> session,
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** The newest of each time of learning, and of each anomaly, by key and begin. */
    private static Map<String, JsonNode> anomalies(ResultRecorder results, String query) {
        return results.of(query).stream()
                .map(result -> ((ObjectNode) result.deepCopy()).remove(List.of("query", "id", "batch")))
                .collect(Collectors.toMap(
                        anomaly -> anomaly.get("key") + " " + anomaly.get("since"),
                        anomaly -> anomaly,
                        (one, other) -> other,
                        TreeMap::new));
    }

    /** Sums of doubles depend on the order in SQL, in the last digits; nothing else does. */
    private static void assertSameTotals(ResultRecorder results) {
        List<JsonNode> totals = results.of("totals");
        assertThat(totals).isNotEmpty();
        for (JsonNode total : totals) {
            String device = total.at("/key/device").textValue();
            String metric = total.at("/key/metric").textValue();
            @Nullable
            JsonNode sum = results.last("tidegate/sql/sums/" + TopicLevel.of(device) + "/" + TopicLevel.of(metric));
            assertThat(sum).as(device + " " + metric).isNotNull();
            assertThat(figures(sum)).as(device + " " + metric).isEqualTo(figures(total));
            assertThat(sum.get("sum").doubleValue())
                    .isCloseTo(total.get("sum").doubleValue(), Percentage.withPercentage(1e-9));
        }
    }

    private static Map<String, String> figures(JsonNode total) {
        Map<String, String> figures = new HashMap<>();
        for (String figure : List.of("count", "min", "max", "since", "until")) {
            figures.put(figure, total.get(figure).asText());
        }
        return figures;
    }
}
