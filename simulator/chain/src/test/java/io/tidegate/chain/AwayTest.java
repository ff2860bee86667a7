package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/**
 * D4 and D6 of the fault catalogue: one side is away for much longer than a session's gap and lateness (24 s together), while
 * devices go on. Nothing is lost, the receiver comes back by itself, no session is closed because of it.
 */
final class AwayTest {

    /** How long, or -Dtidegate.away=N. */
    private static final int AWAY_S = Integer.getInteger("tidegate.away", 60);

    private final Seed seed = Seed.of("away");

    @TempDir
    Path folder;

    @SlowTest(seconds = 130)
    void a_gateway_that_is_away_costs_delay_and_nothing_else() throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                Program gateway = chain.startGateway();
                Program processor = chain.startProcessor(KillTest.QUERIES);
                chain.awaitReady();
                ExpectedFleet plan = plan();
                Program fleet = plan.startFleet(chain);
                chain.awaitLogged(500);

                gateway.kill();
                Chain.pass(Duration.ofSeconds(AWAY_S));
                chain.startGateway();

                assertExact(chain, results, plan, fleet);
                assertThat(processor.isAlive()).as(processor.output()).isTrue();
            }
        }
    }

    @SlowTest(seconds = 130)
    void a_processor_that_is_down_costs_delay_and_nothing_else() throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startGateway();
                Program processor = chain.startProcessor(KillTest.QUERIES);
                chain.awaitReady();
                ExpectedFleet plan = plan();
                Program fleet = plan.startFleet(chain);
                chain.awaitLogged(500);

                processor.kill();
                Chain.pass(Duration.ofSeconds(AWAY_S));
                chain.startProcessor(KillTest.QUERIES);

                assertExact(chain, results, plan, fleet);
            }
        }
    }

    private static void assertExact(Chain chain, ResultRecorder results, ExpectedFleet plan, Program fleet)
            throws Exception {
        assertThat(fleet.await(120)).as(fleet.output()).isZero();
        plan.awaitExact(results, KillTest.GAP);
        chain.awaitBalanced(plan.distinct());
    }

    private ExpectedFleet plan() {
        return new ExpectedFleet(seed.value(), AWAY_S + 15, 30, 100);
    }
}
