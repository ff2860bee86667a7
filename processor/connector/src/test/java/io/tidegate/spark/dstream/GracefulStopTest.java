package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.spark.client.internal.FakeGateway;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.StreamElement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D5 of the fault catalogue, within one JVM: a stop under load drains, at any moment. */
@SuppressWarnings("deprecation")
class GracefulStopTest {
    private static final int KEY_GROUPS = 4;
    private static final int STOPS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** When Spark gives up: later than anybody waits here, so that a stop which does not drain does not end. */
    private static final Duration LIMIT = Duration.ofHours(1);

    private static final String TIMEOUT = "spark.streaming.gracefulStopTimeout";
    private static final LongAdder COUNTED = new LongAdder();

    @TempDir
    Path folder;

    private FakeGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway(KEY_GROUPS, 7);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** The last blocks belong to no batch yet: batches are so long that none can happen while the receiver stops. */
    @Test
    void blocks_that_came_after_the_last_batch_are_processed_and_the_stop_does_not_time_out() {
        COUNTED.reset();
        JavaStreamingContext context = slowlyCounting();
        context.start();
        gateway.append("d", 1);
        await().atMost(PATIENCE).until(() -> COUNTED.sum() == 1);
        gateway.append("d", 1);
        await().atMost(PATIENCE).until(() -> gateway.totalDelivered() == 2);

        stop(context);

        assertThat(COUNTED.sum()).isEqualTo(2);
    }

    @SlowTest(seconds = 60)
    void a_stop_at_any_moment_drains_and_the_next_start_goes_on_where_it_ended() throws Exception {
        Random random = Seed.of("graceful stop").random();
        JobLog log = new JobLog(folder);
        try (Feeder feeder = Feeder.feed(gateway, 500, 7)) {
            for (int stop = 0; stop < STOPS; stop++) {
                JavaStreamingContext context = counting();
                long moment = gateway.totalDelivered() + random.nextInt(1_000);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> gateway.totalDelivered() >= moment);

                stop(context);
                assertThat(log.events()).isGreaterThanOrEqualTo(gateway.totalDelivered());
            }
        }
        JavaStreamingContext last = counting();
        await().atMost(PATIENCE).until(() -> log.events() == gateway.events());
        stop(last);

        assertThat(log.totals()).isEqualTo(gateway.countByDevice().toString());
        log.assertContiguous(KEY_GROUPS);
        log.assertStateFollowsBatches();
        assertThat(gateway.refusedReads()).isZero();
    }

    /** Waits for a stop that drains. */
    private static void stop(JavaStreamingContext context) {
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> context.stop(true, true));
        await().atMost(PATIENCE).until(stopping::isDone);
        stopping.join();
    }

    private JavaStreamingContext counting() {
        return CountingJob.start(folder, gateway.address(), Map.of(TIMEOUT, LIMIT.toMillis() + "ms"));
    }

    private JavaStreamingContext slowlyCounting() {
        SparkConf conf = CountingJob.conf(gateway.address()).set(TIMEOUT, LIMIT.toMillis() + "ms");
        JavaStreamingContext context = new JavaStreamingContext(conf, Durations.seconds(3));
        context.checkpoint(folder.toString());
        GatewayStream.create(context, GatewayOptions.of("test").withBlockInterval(Duration.ofMillis(100)))
                .foreachRDD((rdd, time) -> count(rdd));
        return context;
    }

    private static void count(JavaRDD<StreamElement> batch) {
        List<StreamElement> records = batch.collect();
        for (StreamElement record : records) {
            if (record instanceof EventChunk slice) {
                COUNTED.add(slice.next() - slice.from());
            }
        }
    }
}
