package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** D1 of the fault catalogue on a Spark cluster, where executors are processes of their own and die alone. */
final class ClusterTest {

    private enum Victim {
        ONE_EXECUTOR,
        BOTH_EXECUTORS,
        DRIVER
    }

    private final Seed seed = Seed.of("cluster");

    @SlowTest(seconds = 160)
    void totals_and_sessions_are_exact_after_executors_and_driver_were_killed_under_load(@TempDir Path folder)
            throws Exception {
        try (Chain chain = new Chain(folder);
                SparkCluster cluster = SparkCluster.start(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startGateway();
                Program processor = chain.startProcessor(KillTest.QUERIES, cluster.options());
                chain.awaitReady();
                ExpectedFleet plan = new ExpectedFleet(seed.value(), 60, 50, 200);
                Program fleet = plan.startFleet(chain);
                Random random = seed.random();
                List<Victim> victims = new ArrayList<>(List.of(Victim.values()));
                Collections.shuffle(victims, random);

                for (Victim victim : victims) {
                    awaitProgress(chain);
                    Chain.pass(Duration.ofMillis(random.nextInt(3_000)));
                    switch (victim) {
                        case ONE_EXECUTOR -> cluster.killExecutors(1);
                        case BOTH_EXECUTORS -> cluster.killExecutors(2);
                        case DRIVER -> {
                            processor.kill();
                            processor = chain.startProcessor(KillTest.QUERIES, cluster.options());
                        }
                    }
                }
                assertThat(fleet.await(120)).as(fleet.output()).isZero();

                plan.awaitExact(results, KillTest.GAP);
                chain.awaitBalanced(plan.distinct());
                assertThat(processor.stop()).as(processor.output()).isZero();
            }
        }
    }

    /** Waits for a batch that is done after now; batches go on also when the fleet has sent everything. */
    private static void awaitProgress(Chain chain) {
        long before = newestBatch(chain);
        await().atMost(Duration.ofMinutes(3)).until(() -> newestBatch(chain) > before);
    }

    private static long newestBatch(Chain chain) {
        return chain.processor("/ledger")
                .map(ledger -> ledger.get("batch").longValue())
                .orElse(0L);
    }
}
