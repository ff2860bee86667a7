package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.harness.ScriptedBroker;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;

/** E1 of the fault catalogue: a broker for results that goes away, refuses, withholds its acknowledgements, is slow. */
final class ResultBrokerAwayTest {

    private static final String QUERIES = """
                { name = totals, kind = totals, from = readings, by = [device, metric] }
            """;

    @SlowTest(seconds = 80)
    void a_result_broker_that_is_away_costs_delay_and_nothing_else(@TempDir Path folder) throws Exception {
        assumeTrue(Mosquitto.installed().isPresent(), "mosquitto is not installed");
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program resultBroker = chain.startResultBroker();
            chain.startGateway();
            Program processor = chain.startProcessorWithResultBroker(QUERIES);
            chain.awaitReady();
            ExpectedFleet plan = new ExpectedFleet(11, seconds(), 20, 200);
            Program fleet = plan.startFleet(chain);
            chain.awaitLogged(500);
            resultBroker.kill();

            assertThat(fleet.await(seconds() + 180)).as(fleet.output()).isZero();
            assertThat(processor.isAlive()).as(processor.output()).isTrue();
            chain.startResultBroker();

            try (ResultRecorder results = ResultRecorder.subscribe(chain.resultBrokerPort())) {
                ExpectedFleet.awaitTotals(results, plan.readings());
            }
        }
    }

    @SlowTest(seconds = 90)
    void a_result_broker_that_refuses_withholds_and_is_slow_costs_delay_and_nothing_else(@TempDir Path folder)
            throws Exception {
        Random random = Seed.of("a result broker in a bad mood").random();
        Map<String, JsonNode> taken = new ConcurrentHashMap<>();
        AtomicBoolean moody = new AtomicBoolean(true);
        try (Chain chain = new Chain(folder);
                ScriptedBroker resultBroker = ScriptedBroker.start();
                FaultProxy line = FaultProxy.to(resultBroker.port())) {
            resultBroker.puback(publish -> {
                if (moody.get() && random.nextInt(10) == 0) {
                    return 0x97;
                }
                if (publish.resolved().contains("totals")) {
                    taken.put(publish.resolved(), Json.read(publish.payload()));
                }
                return 0;
            });
            chain.startBroker();
            chain.startGateway();
            Program processor = chain.startProcessor(QUERIES, line.port());
            chain.awaitReady();
            ExpectedFleet plan = new ExpectedFleet(11, seconds(), 20, 200);
            Program fleet = plan.startFleet(chain);
            chain.awaitLogged(500);
            line.delay(Duration.ofMillis(100));
            chain.awaitLogged(1_500);
            resultBroker.withholdPubacks(true);
            int connects = resultBroker.connects().size();
            // The processor's patience for an acknowledgement is half a minute.
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> resultBroker.connects().size() > connects);
            resultBroker.withholdPubacks(false);

            assertThat(fleet.await(seconds() + 180)).as(fleet.output()).isZero();
            moody.set(false);
            line.heal();
            List<Reading> sent = plan.readings();
            await().atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(ExpectedFleet.totals(taken.values()))
                            .isEqualTo(ExpectedFleet.expectedTotals(sent)));
            assertThat(processor.isAlive()).as(processor.output()).isTrue();
        }
    }

    /** How long the broker is away, about: 30 s, or -Dtidegate.away=120. */
    private static int seconds() {
        return Integer.getInteger("tidegate.away", 30);
    }
}
