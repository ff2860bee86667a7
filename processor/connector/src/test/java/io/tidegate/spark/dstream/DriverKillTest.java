package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.Program;
import io.tidegate.spark.client.internal.FakeGateway;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverKillTest {
    private static final int KEY_GROUPS = 4;
    private static final int KILLS = 2;
    private static final long SEED = 20261122;
    private static final Duration PATIENCE =
            Duration.ofMinutes(3); // batches come in real time: a busy machine falls behind

    @TempDir
    Path folder;

    @Test
    void every_event_counts_once_though_the_driver_is_killed_while_streams_break() throws Exception {
        Random random = new Random(SEED);
        JobLog log = new JobLog(folder);
        try (FakeGateway gateway = new FakeGateway(KEY_GROUPS, SEED)) {
            gateway.faults(0.01);
            try (Feeder feeder = Feeder.feed(gateway, 1000, SEED)) {
                for (int kill = 0; kill < KILLS; kill++) {
                    runUntil(gateway, log, log.totalCounts().size() + 4 + random.nextInt(10));
                }
            }
            gateway.faults(0);
            Process last = driver(gateway);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(log.totals())
                            .isEqualTo(gateway.countByDevice().toString()));
            kill(last);

            assertThat(log.events()).isEqualTo(gateway.events());
            assertThat(log.rerun()).isPositive();
            log.assertContiguous(KEY_GROUPS);
            log.assertStateFollowsBatches();
            assertThat(gateway.refusedReads()).isZero();
            assertThat(gateway.runs()).hasSize(KILLS + 1);
        }
    }

    private void runUntil(FakeGateway gateway, JobLog log, int batches) throws IOException, InterruptedException {
        Process driver = driver(gateway);
        try {
            await().atMost(PATIENCE).until(() -> log.totalCounts().size() >= batches);
        } finally {
            kill(driver);
        }
    }

    /** SIGKILL. */
    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private Process driver(FakeGateway gateway) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(arg -> arg.startsWith("--add-opens") || arg.startsWith("-Xmx"))
                .forEach(command::add);
        command.addAll(Program.QUICK_START);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CountingJob.class.getName(),
                folder.toString(),
                gateway.address()));
        File output = folder.resolve("driver.out").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
    }
}
