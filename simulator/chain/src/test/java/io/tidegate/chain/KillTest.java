package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.settings.Settings;
import io.tidegate.simulator.fleet.FleetPlan;
import io.tidegate.simulator.fleet.FleetShape;
import io.tidegate.simulator.fleet.SimulatorSettings;
import io.tidegate.simulator.oracle.Column;
import io.tidegate.simulator.oracle.Oracle;
import io.tidegate.simulator.oracle.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise, tried: whatever is killed, every acknowledged reading is counted once. */
final class KillTest {

    private static final String QUERIES = """
                { name = totals, kind = totals, from = readings, by = [device, metric] }
                { name = sessions, kind = sessions, from = readings, by = [device], gap = 4s, allowed-lateness = 4s }
                { name = last-ten, kind = window, from = readings, by = [metric], window = 10s, slide = 1s
                  compute = [count, sum, mean, min, max] }
                { name = busiest, kind = top, from = readings, by = [device], window = 10s, slide = 2s, limit = 5 }
                { name = per-batch, kind = counts, from = readings, by = [metric] }
            """;
    private static final Duration LENGTH = Duration.ofSeconds(50);

    @Test
    void totals_and_sessions_are_exact_after_gateway_and_processor_were_killed_under_load(@TempDir Path folder)
            throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultTopics results = subscribed(chain)) {
                Program gateway = chain.startGateway();
                Program processor = chain.startProcessor(QUERIES);
                awaitReady(chain);
                Instant start = Instant.ofEpochMilli(Instant.now().toEpochMilli());
                Program fleet = chain.startFleet(
                        "--seed", "7", "--start", start.toString(), "--for", "50s", "--devices", "40", "--rate", "300");

                gateway = killedAfter(3_000, chain, gateway, chain::startGateway);
                processor = killedAfter(4_500, chain, processor, () -> chain.startProcessor(QUERIES));
                gateway = killedAfter(7_000, chain, gateway, chain::startGateway);
                processor = killedAfter(9_000, chain, processor, () -> chain.startProcessor(QUERIES));
                gateway = killedAfter(11_000, chain, gateway, chain::startGateway);
                processor.kill();
                processor = chain.startProcessor(QUERIES);

                assertThat(fleet.await(90)).as(fleet.output()).isZero();
                List<Reading> sent = plan(start);
                await().atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> assertThat(totals(results)).isEqualTo(expectedTotals(sent)));
                await().atMost(Duration.ofSeconds(90))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> assertThat(closedSessions(results)).isEqualTo(expectedSessions(sent)));
                assertThat(results.contradictions()).isEmpty();
                awaitBalanced(chain, Oracle.distinct(sent).size());
                assertThat(processor.stop()).as(processor.output()).isZero();
                assertThat(gateway.stop()).as(gateway.output()).isZero();
            }
        }
    }

    private static ResultTopics subscribed(Chain chain) {
        ResultTopics[] subscriber = new ResultTopics[1];
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            subscriber[0] = new ResultTopics(chain.brokerPort());
            return true;
        });
        return subscriber[0];
    }

    private static void awaitReady(Chain chain) {
        await().atMost(Duration.ofSeconds(90))
                .until(() -> chain.gateway("/readyz").isPresent()
                        && chain.processor("/readyz").isPresent());
    }

    /** Lets the gateway log so many readings, kills the victim amid them, starts another. */
    private static Program killedAfter(long events, Chain chain, Program victim, Supplier<Program> next) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> logged(chain) >= events);
        assertThat(victim.isAlive()).as(victim.output()).isTrue();
        victim.kill();
        return next.get();
    }

    private static long logged(Chain chain) {
        return chain.gateway("/ledger")
                .map(ledger -> ledger.at("/sources/0/logged").longValue())
                .orElse(-1L);
    }

    /** What the fleet sent: the same seed and start make the same plan, and it told us that all was acknowledged. */
    private static List<Reading> plan(Instant start) throws Exception {
        Properties options = new Properties();
        options.setProperty("tidegate.simulator.seed", "7");
        options.setProperty("tidegate.simulator.for", LENGTH.toSeconds() + "s");
        options.setProperty("tidegate.simulator.devices", "40");
        options.setProperty("tidegate.simulator.rate", "300");
        Settings settings = Settings.load(SimulatorSettings.ROOT, null, Map.of(), options);
        FleetShape shape = SimulatorSettings.from(settings.section()).fleet();
        settings.finish();
        List<Reading> readings = new ArrayList<>();
        FleetPlan.of(shape, start).forEachRemaining(planned -> readings.add(planned.reading()));
        return readings;
    }

    private static Map<List<String>, List<Object>> expectedTotals(List<Reading> sent) {
        Map<List<String>, List<Object>> expected = new HashMap<>();
        Oracle.totals(sent, List.of(Column.DEVICE, Column.METRIC))
                .forEach((key, total) -> expected.put(
                        key,
                        List.of(
                                total.count(),
                                total.sum(),
                                total.min(),
                                total.max(),
                                Instant.ofEpochMilli(total.sinceMs()),
                                Instant.ofEpochMilli(total.untilMs()))));
        return expected;
    }

    private static Map<List<String>, List<Object>> totals(ResultTopics results) {
        return results.of("totals").stream()
                .collect(Collectors.toMap(
                        result -> List.of(
                                result.at("/key/device").textValue(),
                                result.at("/key/metric").textValue()),
                        result -> List.of(
                                result.get("count").longValue(),
                                result.get("sum").doubleValue(),
                                result.get("min").doubleValue(),
                                result.get("max").doubleValue(),
                                time(result, "since"),
                                time(result, "until"))));
    }

    private static Set<String> expectedSessions(List<Reading> sent) {
        return Oracle.sessions(sent, Duration.ofSeconds(4)).stream()
                .map(session -> session.device() + " " + Instant.ofEpochMilli(session.startMs()) + " to "
                        + Instant.ofEpochMilli(session.endMs()) + ": " + session.events())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> closedSessions(ResultTopics results) {
        return results.of("sessions").stream()
                .filter(result -> !result.get("state").textValue().equals("merged"))
                .map(KillTest::session)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String session(JsonNode result) {
        String closed = result.get("state").textValue().equals("closed") ? "" : " still open";
        return result.at("/key/device").textValue() + " " + time(result, "start") + " to " + time(result, "end") + ": "
                + result.get("events") + closed;
    }

    private static Instant time(JsonNode result, String field) {
        return Instant.parse(result.get(field).textValue());
    }

    private static void awaitBalanced(Chain chain, int events) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode gateway = chain.gateway("/ledger").orElseThrow();
            assertThat(gateway.get("residual").longValue()).isZero();
            assertThat(gateway.at("/sources/0/logged").longValue()).isEqualTo(events);
            assertThat(chain.processor("/ledger").orElseThrow().get("residual").longValue())
                    .isZero();
        });
    }
}
