package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise, tried: whatever is killed, every acknowledged reading is counted once. */
final class KillTest {

    static final Duration GAP = Duration.ofSeconds(4);

    /** Sessions allow for a lateness that a program which gets no processor for a while does not reach. */
    static final String QUERIES = """
                { name = totals, kind = totals, from = readings, by = [device, metric] }
                { name = sessions, kind = sessions, from = readings, by = [device], gap = 4s, allowed-lateness = 20s }
                { name = last-ten, kind = window, from = readings, by = [metric], window = 10s, slide = 1s
                  compute = [count, sum, mean, min, max] }
                { name = busiest, kind = top, from = readings, by = [device], window = 10s, slide = 2s, limit = 5 }
                { name = per-batch, kind = counts, from = readings, by = [metric] }
            """;

    private final Seed seed = Seed.of("kill");

    @Test
    void totals_and_sessions_are_exact_after_gateway_and_processor_were_killed_under_load(@TempDir Path folder)
            throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                Program gateway = chain.startGateway();
                Program processor = chain.startProcessor(QUERIES);
                chain.awaitReady();
                ExpectedFleet plan = plan(12, 500);
                Program fleet = plan.startFleet(chain);
                Random random = seed.random();

                long logged = 500;
                for (int round = 0; round < 2; round++) {
                    logged += 200 + random.nextInt(800);
                    gateway = killedAfter(logged, chain, gateway, chain::startGateway);
                    logged += 200 + random.nextInt(800);
                    processor = killedAfter(logged, chain, processor, () -> chain.startProcessor(QUERIES));
                }
                assertThat(fleet.await(120)).as(fleet.output()).isZero();

                assertExact(chain, results, plan);
                assertThat(processor.stop()).as(processor.output()).isZero();
                assertThat(gateway.stop()).as(gateway.output()).isZero();
            }
        }
    }

    /** D1 of the fault catalogue. */
    @SlowTest(seconds = 120)
    void totals_and_sessions_are_exact_after_the_processor_was_killed_in_the_midst_of_its_batches(@TempDir Path folder)
            throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startGateway();
                Program processor = chain.startProcessor(QUERIES);
                chain.awaitReady();
                ExpectedFleet plan = plan(60, 2_000);
                Program fleet = plan.startFleet(chain);
                Random random = seed.random();

                for (int kill = 0; kill < 5; kill++) {
                    chain.awaitProcessorReady();
                    Chain.pass(Duration.ofMillis(random.nextInt(4_000)));
                    processor.kill();
                    processor = chain.startProcessor(QUERIES);
                }
                assertThat(fleet.await(120)).as(fleet.output()).isZero();

                assertExact(chain, results, plan);
            }
        }
    }

    private ExpectedFleet plan(int seconds, int rate) {
        return new ExpectedFleet(seed.value(), seconds, 50, rate);
    }

    private static void assertExact(Chain chain, ResultRecorder results, ExpectedFleet plan) throws Exception {
        plan.awaitExact(results, GAP);
        chain.awaitBalanced(plan.distinct());
    }

    /** Lets the gateway log so many readings, kills the victim amid them, starts another. */
    private static Program killedAfter(long readings, Chain chain, Program victim, Supplier<Program> next) {
        chain.awaitLogged(readings);
        assertThat(victim.isAlive()).as(victim.output()).isTrue();
        victim.kill();
        return next.get();
    }
}
