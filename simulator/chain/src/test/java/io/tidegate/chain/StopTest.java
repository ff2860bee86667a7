package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** D5 of the fault catalogue: SIGTERM to the processor. */
final class StopTest {

    private static final int STOPS = 3;

    /** A processor that is still catching up may need a good part of it. */
    private static final String STOP_TIMEOUT = "-Dtidegate.processor.stop-timeout=80s";

    private static final String BOTH_ENGINES = KillTest.QUERIES + """
                { name = counted, kind = sql, output-mode = update, trigger = 300ms, retained = true
                  sql = "SELECT count(*) AS n FROM readings" }
            """;

    private static final String GAVE_UP = "draining takes longer than stop-timeout";

    private final Seed seed = Seed.of("stop");

    @SlowTest(seconds = 150)
    void sigterm_under_load_publishes_what_was_acknowledged_and_the_next_start_goes_on(@TempDir Path folder)
            throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startGateway();
                Program processor = chain.startProcessor(KillTest.QUERIES, STOP_TIMEOUT);
                chain.awaitReady();
                ExpectedFleet plan = plan(45);
                Program fleet = plan.startFleet(chain);
                Random random = seed.random();

                for (int stop = 0; stop < STOPS; stop++) {
                    chain.awaitProcessorReady();
                    Chain.pass(Duration.ofMillis(random.nextInt(6_000)));
                    assertThat(processor.stop()).as(processor.output()).isZero();
                    assertThat(processor.output()).doesNotContain(GAVE_UP);
                    long delivered = chain.delivered();
                    await().untilAsserted(() -> assertThat(published(results)).isGreaterThanOrEqualTo(delivered));
                    processor = chain.startProcessor(KillTest.QUERIES, STOP_TIMEOUT);
                }
                assertThat(fleet.await(120)).as(fleet.output()).isZero();

                chain.awaitProcessorReady();
                plan.awaitExact(results, KillTest.GAP);
                assertThat(processor.stop()).as(processor.output()).isZero();
                assertThat(processor.output()).doesNotContain(GAVE_UP);
                assertThat(processor.output().lines().filter(line -> line.contains(" ERROR ")))
                        .isEmpty();
            }
        }
    }

    @SlowTest(seconds = 80)
    void what_can_not_be_drained_ends_at_stop_timeout_and_the_next_start_goes_on(@TempDir Path folder)
            throws Exception {
        assumeTrue(Mosquitto.installed().isPresent(), "mosquitto is not installed");
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program resultBroker = chain.startResultBroker();
            chain.startGateway();
            Program processor =
                    chain.startProcessorWithResultBroker(BOTH_ENGINES, "-Dtidegate.processor.stop-timeout=3s");
            chain.awaitReady();
            ExpectedFleet plan = plan(15);
            Program fleet = plan.startFleet(chain);
            chain.awaitLogged(1_000);
            resultBroker.kill();

            long begun = System.nanoTime();
            assertThat(processor.stop()).as(processor.output()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
            assertThat(processor.output().lines().filter(line -> line.contains(GAVE_UP)))
                    .as("one deadline for both engines")
                    .hasSize(1);

            chain.startResultBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.resultBrokerPort())) {
                chain.startProcessorWithResultBroker(BOTH_ENGINES);
                assertThat(fleet.await(120)).as(fleet.output()).isZero();
                plan.awaitExact(results, KillTest.GAP);
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> counted(results) == chain.inLedger("/sources/0/logged"));
            }
        }
    }

    private ExpectedFleet plan(int seconds) {
        return new ExpectedFleet(seed.value(), seconds, 50, 500);
    }

    private static long counted(ResultRecorder results) {
        JsonNode newest = results.last("tidegate/sql/counted");
        return newest == null ? 0 : newest.get("n").longValue();
    }

    private static long published(ResultRecorder results) {
        return results.of("totals").stream()
                .map(total -> total.get("count"))
                .mapToLong(JsonNode::longValue)
                .sum();
    }
}
