package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.simulator.web.LogEntry;
import io.tidegate.simulator.web.LogLine;
import io.tidegate.simulator.web.WebPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Web traffic through the whole chain, by MQTT and by HTTP: what comes out is what the simulator's plans say. */
final class WebLogTest {

    private static final Duration LENGTH = Duration.ofSeconds(4);
    private static final Duration GAP = Duration.ofSeconds(3);
    private static final String QUERIES = """
                { name = statuses, kind = totals, from = requests, by = [host, status] }
                { name = pages, kind = totals, from = requests, by = [path] }
                { name = visitors, kind = sessions, from = requests, by = [client], gap = 3s }
            """;

    @Test
    void every_line_counts_once_every_visit_is_told_and_every_damaged_line_is_a_dead_letter(@TempDir Path folder)
            throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<LogLine> lines = new ArrayList<>();
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startGateway();
                chain.startProcessor(QUERIES);
                chain.awaitReady();

                lines.addAll(publish(chain, "mqtt", 11, now.minus(Duration.ofHours(2))));
                lines.addAll(publish(chain, "http", 12, now.minus(Duration.ofHours(1))));

                List<LogEntry> entries = lines.stream()
                        .map(LogLine::entry)
                        .flatMap(Optional::stream)
                        .toList();
                assertThat(lines.size() - entries.size()).as("damaged lines").isPositive();
                await().atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(statuses(results)).isEqualTo(statuses(entries)));
                await().untilAsserted(() -> assertThat(counts(results, "pages", "path"))
                        .isEqualTo(entries.stream()
                                .collect(Collectors.groupingBy(LogEntry::path, Collectors.counting()))));
                await().untilAsserted(() -> assertThat(WebVisit.told(results, "visitors"))
                        .containsExactlyInAnyOrderElementsOf(WebVisit.planned(entries, GAP)));
                assertThat(results.contradictions()).isEmpty();
                assertThat(sum(chain, "deadLettered")).isEqualTo(lines.size() - entries.size());
                await().untilAsserted(() -> {
                    assertThat(chain.inLedger("/residual")).isZero();
                    assertThat(Chain.inLedger(chain.processor("/ledger"), "/residual"))
                            .isZero();
                });
            }
        }
    }

    /** Sends a plan as a user would, and makes the same plan here. */
    private static List<LogLine> publish(Chain chain, String to, int seed, Instant start) throws Exception {
        Program web = chain.startWebTraffic(List.of(
                "--seed",
                "" + seed,
                "--start",
                "" + start,
                "--for",
                LENGTH.toSeconds() + "s",
                "-Dtidegate.simulator.web.rate=150",
                "-Dtidegate.simulator.web.damaged=0.05",
                "-Dtidegate.simulator.web.to=" + to));
        assertThat(web.await(180)).as(web.output()).isZero();
        List<LogLine> lines = new ArrayList<>();
        WebPlan.of(
                        ExpectedFleet.settings(Map.of("web.rate", "150", "web.damaged", "0.05"))
                                .web()
                                .shape(),
                        seed,
                        start,
                        LENGTH)
                .forEachRemaining(lines::add);
        return lines;
    }

    private static Map<String, List<Long>> statuses(List<LogEntry> entries) {
        Map<String, List<Long>> totals = new HashMap<>();
        entries.forEach(entry -> totals.merge(
                "www.example.org " + entry.status(),
                List.of(1L, entry.bytes()),
                (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1))));
        return totals;
    }

    private static Map<String, List<Long>> statuses(ResultRecorder results) {
        return results.of("statuses").stream()
                .collect(Collectors.toMap(
                        total -> total.at("/key/host").textValue() + " " + total.at("/key/status"),
                        total -> List.of(
                                total.get("count").longValue(),
                                total.path("sum").longValue())));
    }

    private static Map<String, Long> counts(ResultRecorder results, String query, String column) {
        return results.of(query).stream()
                .collect(Collectors.toMap(
                        total -> total.at("/key/" + column).textValue(),
                        total -> total.get("count").longValue()));
    }

    private static long sum(Chain chain, String column) {
        JsonNode sources = chain.ledger().get("sources");
        return StreamSupport.stream(sources.spliterator(), false)
                .mapToLong(source -> source.get(column).longValue())
                .sum();
    }
}
