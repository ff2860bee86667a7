package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.spark.client.FencedException;
import io.tidegate.spark.client.internal.FakeGateway;
import io.tidegate.spark.client.internal.GatewayClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockId;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** The door with real Spark against a gateway that fails on purpose. */
@SuppressWarnings("deprecation")
class ExactlyOnceTest {
    private static final int KEY_GROUPS = 4;
    private static final Duration PATIENCE =
            Duration.ofMinutes(3); // batches come in real time: a busy machine falls behind

    @TempDir
    Path folder;

    private FakeGateway gateway;
    private @Nullable JavaStreamingContext context;
    private JobLog log;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway(KEY_GROUPS, 7);
        log = new JobLog(folder);
    }

    @AfterEach
    void stop() {
        stopJob();
        gateway.close();
    }

    private JavaStreamingContext startJob() {
        JavaStreamingContext started = CountingJob.start(folder, gateway.address(), Map.of());
        context = started;
        return started;
    }

    private void stopJob() {
        CountingJob.gate.countDown();
        if (context != null) {
            context.stop(true, false);
            context = null;
        }
    }

    private void assertEveryEventOnce() {
        await().atMost(PATIENCE).until(() -> log.events() == gateway.events());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(log.totals())
                        .isEqualTo(gateway.countByDevice().toString()));
        stopJob();
        log.assertContiguous(KEY_GROUPS);
        log.assertStateFollowsBatches();
        assertThat(log.batches().stream().mapToDouble(JobLog.Batch::sum).sum()).isEqualTo((double) gateway.events());
        assertThat(gateway.refusedReads()).isZero();
    }

    @Test
    void every_event_counts_once_while_streams_break_acknowledgements_are_lost_and_blocks_disappear() {
        gateway.faults(0.02);
        startJob();

        try (Feeder feeder = Feeder.feed(gateway, 1000, 1)) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
                removeBlocks();
                assertCommitStaysBehind();
                return gateway.totalCommitted() > 1000;
            });
        }
        gateway.faults(0);

        assertEveryEventOnce();
        assertThat(gateway.cuts()).isPositive();
        assertThat(gateway.reads()).isPositive();
    }

    @Test
    void a_recovered_driver_repeats_its_batches_and_goes_on_where_they_end() {
        startJob();
        try (Feeder feeder = Feeder.feed(gateway, 500, 2)) {
            await().atMost(PATIENCE).until(() -> log.totalCounts().size() > 6);
            stopJob();
            startJob();
            await().atMost(PATIENCE).until(() -> log.rerun() > 0);
        }

        assertEveryEventOnce();
        assertThat(gateway.runs()).hasSize(2);
        assertThat(gateway.runs().get(0)).isEmpty();
        assertThat(gateway.runs().get(1)).hasSize(KEY_GROUPS);
    }

    @Test
    void nothing_is_lost_when_spark_forgets_which_blocks_it_had() throws IOException {
        startJob();
        try (Feeder feeder = Feeder.feed(gateway, 500, 3)) {
            await().atMost(PATIENCE).until(() -> log.totalCounts().size() > 6);
            stopJob();
            delete(folder.resolve("checkpoint/receivedBlockMetadata"));
            Files.delete(folder.resolve("batches")); // without that record some batches may be cut elsewhere
            Files.delete(folder.resolve("windows"));
            Files.delete(folder.resolve("totals"));
            startJob();
            await().atMost(PATIENCE).until(() -> !log.totalCounts().isEmpty());
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(log.totals())
                        .isEqualTo(gateway.countByDevice().toString()));
        assertThat(gateway.refusedReads()).isZero();
    }

    @Test
    void time_stands_still_while_the_gateway_is_away_and_nothing_fails() throws IOException {
        startJob();
        Feeder feeder = Feeder.feed(gateway, 500, 4);
        await().atMost(PATIENCE).until(() -> log.batches().size() > 3);
        gateway.stop();
        feeder.close();
        await().atMost(PATIENCE).until(() -> standsStill(log.batches()));
        long away = last(log.batches()).seenThrough();
        gateway.start();

        await().atMost(PATIENCE).until(() -> last(log.batches()).seenThrough() > away);
        assertThat(away).isPositive();
        assertEveryEventOnce();
    }

    @Test
    void batches_that_pile_up_hold_the_gateway_back_until_they_are_done() {
        BackpressureController backpressure = GatewayStream.backpressure(startJob());
        try (Feeder feeder = Feeder.feed(gateway, 500, 5)) {
            await().atMost(PATIENCE).until(() -> log.events() > 100);
            CountingJob.gate = new CountDownLatch(1);
            await().atMost(PATIENCE).until(backpressure::isHeld);
            await().atMost(PATIENCE).until(() -> gateway.totalDelivered() < gateway.events() - 1000);
            CountingJob.gate.countDown();
            await().atMost(PATIENCE).until(() -> !backpressure.isHeld());
        }

        assertEveryEventOnce();
    }

    @Test
    void a_newer_run_of_the_group_ends_the_older_one() {
        JavaStreamingContext older = startJob();
        gateway.append("d", 1);
        await().atMost(PATIENCE).until(() -> log.events() == 1);

        GatewayClient.of(gateway.address()).beginRun("test", "newer", List.of());

        assertThatThrownBy(() -> older.awaitTerminationOrTimeout(PATIENCE.toMillis()))
                .isInstanceOf(FencedException.class);
    }

    /** A recovery may ask for whatever the window's length before the newest batch. */
    private void assertCommitStaysBehind() {
        long[] committed = gateway.committed();
        List<JobLog.Batch> batches = log.batches();
        long settled = batches.isEmpty() ? 0 : last(batches).time() - (long) CountingJob.WINDOW * CountingJob.BATCH_MS;
        long[] ends = new long[KEY_GROUPS];
        batches.stream()
                .filter(batch -> batch.time() <= settled)
                .forEach(batch -> batch.ranges().forEach((kg, range) -> ends[kg] = range[1]));
        for (int kg = 0; kg < KEY_GROUPS; kg++) {
            assertThat(committed[kg]).isLessThanOrEqualTo(ends[kg]);
        }
    }

    /** Whether batches come and the time that they tell does not pass. */
    private static boolean standsStill(List<JobLog.Batch> batches) {
        return batches.size() > 4
                && batches.subList(batches.size() - 4, batches.size()).stream()
                                .mapToLong(JobLog.Batch::seenThrough)
                                .distinct()
                                .count()
                        == 1;
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    /** What an executor's death does to blocks. */
    private static void removeBlocks() {
        var blocks = SparkEnv.get().blockManager();
        for (Object id : CollectionConverters.asJava(
                blocks.getMatchingBlockIds(new scala.runtime.AbstractFunction1<BlockId, Object>() {
                    @Override
                    public Object apply(BlockId id) {
                        return id.name().startsWith("input-");
                    }
                }))) {
            blocks.removeBlock((BlockId) id, true);
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
