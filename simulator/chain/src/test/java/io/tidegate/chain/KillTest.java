package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.Results;
import io.tidegate.simulator.oracle.Oracle;
import io.tidegate.simulator.oracle.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise, tried: whatever is killed, every acknowledged reading is counted once. */
final class KillTest {

    private static final Duration GAP = Duration.ofSeconds(4);
    private static final String QUERIES = """
                { name = totals, kind = totals, from = readings, by = [device, metric] }
                { name = sessions, kind = sessions, from = readings, by = [device], gap = 4s, allowed-lateness = 4s }
                { name = last-ten, kind = window, from = readings, by = [metric], window = 10s, slide = 1s
                  compute = [count, sum, mean, min, max] }
                { name = busiest, kind = top, from = readings, by = [device], window = 10s, slide = 2s, limit = 5 }
                { name = per-batch, kind = counts, from = readings, by = [metric] }
            """;

    @Test
    void totals_and_sessions_are_exact_after_gateway_and_processor_were_killed_under_load(@TempDir Path folder)
            throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (Results results = Results.subscribe(chain.brokerPort())) {
                Program gateway = chain.startGateway();
                Program processor = chain.startProcessor(QUERIES);
                chain.awaitReady();
                Plan plan = new Plan(7, 50, 40, 300, Instant.now().truncatedTo(ChronoUnit.MILLIS));
                Program fleet = plan.startFleet(chain);

                gateway = killedAfter(3_000, chain, gateway, chain::startGateway);
                processor = killedAfter(4_500, chain, processor, () -> chain.startProcessor(QUERIES));
                gateway = killedAfter(7_000, chain, gateway, chain::startGateway);
                processor = killedAfter(9_000, chain, processor, () -> chain.startProcessor(QUERIES));
                gateway = killedAfter(11_000, chain, gateway, chain::startGateway);
                processor.kill();
                processor = chain.startProcessor(QUERIES);
                assertThat(fleet.await(120)).as(fleet.output()).isZero();

                List<Reading> sent = plan.readings();
                await().atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> assertThat(Plan.totals(results)).isEqualTo(Plan.expectedTotals(sent)));
                await().atMost(Duration.ofSeconds(90))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(
                                () -> assertThat(Plan.sessions(results)).isEqualTo(Plan.expectedSessions(sent, GAP)));
                assertThat(results.contradictions()).isEmpty();
                assertThat(closedTooEarly(results)).isEmpty();
                chain.awaitBalanced(Oracle.distinct(sent).size());
                assertThat(processor.stop()).as(processor.output()).isZero();
                assertThat(gateway.stop()).as(gateway.output()).isZero();
            }
        }
    }

    /** Lets the gateway log so many readings, kills the victim amid them, starts another. */
    private static Program killedAfter(long readings, Chain chain, Program victim, Supplier<Program> next) {
        chain.awaitLogged(readings);
        assertThat(victim.isAlive()).as(victim.output()).isTrue();
        victim.kill();
        return next.get();
    }

    /** Sessions that went on after they were closed: a fault was taken for the silence of a device. */
    private static List<JsonNode> closedTooEarly(Results results) {
        return results.revisionsOf("sessions")
                .filter(result -> result.get("state").textValue().equals("closed"))
                .filter(result -> !result.equals(results.newest(result.get("id").textValue())))
                .toList();
    }
}
