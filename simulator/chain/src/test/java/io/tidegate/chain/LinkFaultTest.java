package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.FaultProxy.Direction;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/**
 * The link between gateway and processor at its worst, and a processor that sleeps while another takes over: G2, G4 and G5
 * of the fault catalogue, between real processes.
 */
class LinkFaultTest {

    private static final Duration GAP = Duration.ofSeconds(4);
    private static final String QUERIES = """
                { name = totals, kind = totals, from = readings, by = [device, metric] }
                { name = sessions, kind = sessions, from = readings, by = [device], gap = 4s, allowed-lateness = 20s }
            """;

    private boolean silent;

    @SlowTest(seconds = 100)
    void totals_and_sessions_are_exact_over_a_link_that_cuts_stalls_swallows_and_flips_bits(@TempDir Path folder)
            throws Exception {
        Random random = Seed.of("LinkFaultTest").random();
        try (Chain chain = new Chain(folder)) {
            FaultProxy link = chain.pullLink();
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                Program gateway = chain.startGateway();
                Program processor = chain.startProcessor(QUERIES);
                chain.awaitReady();
                ExpectedFleet plan = new ExpectedFleet(11, 60, 40, 300);
                Program fleet = plan.startFleet(chain);

                for (int readings = 1_000; readings <= 16_000; readings += 500) {
                    chain.awaitLogged(readings);
                    harm(link, random);
                }
                link.heal();
                link.cut();
                assertThat(fleet.await(120)).as(fleet.output()).isZero();

                assertThat(processor.isAlive()).as(processor.output()).isTrue();
                plan.awaitAnswers(results, GAP);
                assertThat(results.contradictions()).isEmpty();
                chain.awaitBalanced(plan.distinct());
                assertThat(link.accepted()).isGreaterThan(10);
                assertThat(processor.stop()).as(processor.output()).isZero();
                assertThat(gateway.stop()).as(gateway.output()).isZero();
            }
        }
    }

    /** One harm; whatever the last one did that had not happened yet is called off. */
    private void harm(FaultProxy link, Random random) {
        if (silent) { // bytes are missing in what is open
            link.cut();
            silent = false;
        }
        link.heal();
        switch (random.nextInt(8)) {
            case 0 -> link.cut();
            case 1 -> link.reset();
            case 2 -> link.cutAfter(Direction.TO_CLIENT, random.nextInt(50_000));
            case 3 -> link.cutAfter(Direction.TO_TARGET, random.nextInt(2_000));
            case 4 -> link.stall(random.nextBoolean() ? Direction.TO_CLIENT : Direction.TO_TARGET);
            case 5 -> {
                link.cut();
                link.flip(Direction.TO_CLIENT, random.nextInt(30_000));
            }
            case 6 -> {
                link.cut();
                link.flip(Direction.TO_TARGET, random.nextInt(2_000));
            }
            default -> {
                link.halfOpen();
                silent = true;
            }
        }
    }

    @SlowTest(seconds = 130)
    void a_processor_that_slept_while_another_took_over_is_fenced_and_ends_and_every_answer_is_exact(
            @TempDir Path folder) throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                Program gateway = chain.startGateway();
                Program sleeper = chain.startProcessor(QUERIES);
                chain.awaitReady();
                ExpectedFleet plan = new ExpectedFleet(13, 60, 40, 300);
                Program fleet = plan.startFleet(chain);
                chain.awaitLogged(4_000);

                sleeper.freeze();
                Program second = chain.startSecondProcessor(QUERIES);
                await().atMost(Duration.ofMinutes(3))
                        .until(() -> chain.second("/readyz").isPresent());
                chain.awaitLogged(10_000);
                sleeper.thaw();

                assertThat(sleeper.await(180)).as(sleeper.output()).isEqualTo(1);
                assertThat(sleeper.output()).contains("a newer run has taken over");
                assertThat(fleet.await(120)).as(fleet.output()).isZero();
                plan.awaitAnswers(results, GAP);
                chain.awaitLogged(plan.distinct());
                await().untilAsserted(() -> assertThat(Chain.inLedger(chain.second("/ledger"), "/residual"))
                        .isZero());
                assertThat(second.stop()).as(second.output()).isZero();
                assertThat(gateway.stop()).as(gateway.output()).isZero();
            }
        }
    }
}
