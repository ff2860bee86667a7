package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.Results;
import io.tidegate.simulator.oracle.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that takes results and goes away for as long as a fleet sends. */
final class ResultBrokerAwayTest {

    private static final String QUERIES = """
                { name = totals, kind = totals, from = readings, by = [device, metric] }
            """;

    @Test
    void a_result_broker_that_is_away_costs_delay_and_nothing_else(@TempDir Path folder) throws Exception {
        assumeTrue(Mosquitto.installed().isPresent(), "mosquitto is not installed");
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program resultBroker = chain.startResultBroker();
            chain.startGateway();
            Program processor = chain.startProcessorWithResultBroker(QUERIES);
            chain.awaitReady();
            Plan plan = new Plan(11, seconds(), 20, 200, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            Program fleet = plan.startFleet(chain);
            chain.awaitLogged(500);
            resultBroker.kill();

            assertThat(fleet.await(seconds() + 60)).as(fleet.output()).isZero();
            assertThat(processor.isAlive()).as(processor.output()).isTrue();
            chain.startResultBroker();

            List<Reading> sent = plan.readings();
            try (Results results = Results.subscribe(chain.resultBrokerPort())) {
                await().atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> assertThat(Plan.totals(results)).isEqualTo(Plan.expectedTotals(sent)));
            }
        }
    }

    /** How long the broker is away, about: 30 s, or -Dtidegate.away=120. */
    private static int seconds() {
        return Integer.getInteger("tidegate.away", 30);
    }
}
