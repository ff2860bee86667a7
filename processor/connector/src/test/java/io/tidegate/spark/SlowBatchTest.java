package io.tidegate.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.junit.SlowTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.streaming.scheduler.StreamingListener;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchCompleted;
import org.junit.jupiter.api.io.TempDir;

/**
 * D3 of the fault catalogue: each event costs so much that what comes takes three times as long as there is. The first
 * slow batch ends when three more have come; so at first some slow batches wait, no more than are let through until nothing
 * is granted, and then none.
 */
@SuppressWarnings("deprecation")
class SlowBatchTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BATCH_MS = 500;
    private static final int EVENTS_PER_SECOND = 2_000;
    private static final Duration SLOW = Duration.ofSeconds(30);

    private static final int SLOWER = 3;

    /** The one more than {@link CreditGovernor#NOTHING_ABOVE} that makes it grant nothing. */
    private static final long MOST_WAITING = CreditGovernor.NOTHING_ABOVE + 1;

    /** What each event costs while it is slow. */
    private static final long SLOW_NANOS = SLOWER * TimeUnit.SECONDS.toNanos(1) / EVENTS_PER_SECOND;

    private static volatile long costNanos;

    @TempDir
    Path folder;

    /** A batch that has run. */
    private record Batch(long ms, long events, long delayMs, int waiting, long rate) {}

    @SlowTest(seconds = 90)
    void a_slow_batch_function_slows_the_gateway_down_within_three_batches_and_the_delay_stays_bounded()
            throws Exception {
        costNanos = 0;
        try (FakeGateway gateway = new FakeGateway(4, 7);
                JavaStreamingContext context = costly(gateway.address())) {
            List<Batch> batches = new CopyOnWriteArrayList<>();
            context.addStreamingListener(new Watch(batches, context));
            context.start();
            try (Feeder feeder = Feeder.feed(gateway, EVENTS_PER_SECOND, 7)) {
                await().atMost(PATIENCE).until(() -> isSteady(batches));
                long begin = batches.get(batches.size() - 1).ms();
                costNanos = SLOW_NANOS;
                TimeUnit.MILLISECONDS.sleep(SLOW.toMillis());
                costNanos = 0;
                List<Batch> slow = batches.stream().filter(b -> b.ms() > begin).toList();
                slow.forEach(System.out::println);
                List<Batch> settled = slow.subList(slow.size() * 2 / 3, slow.size());

                assertThat(slow.stream().limit(3)).anyMatch(b -> b.rate() < EVENTS_PER_SECOND);
                assertThat(slow).allMatch(b -> b.delayMs() <= MOST_WAITING * SLOWER * BATCH_MS);
                assertThat(settled).allMatch(b -> b.delayMs() <= 5L * BATCH_MS);
            }
            await().atMost(PATIENCE).until(() -> events(batches) == gateway.events());
            assertThat(GatewayStream.governor(context).level()).isEqualTo(CreditGovernor.Level.FULL);
        }
    }

    /** Whether ten batches in a row came at once and held about what comes in an interval. */
    private static boolean isSteady(List<Batch> batches) {
        return batches.size() > 10
                && batches.subList(batches.size() - 10, batches.size()).stream()
                        .allMatch(b -> b.delayMs() < BATCH_MS && b.events() < EVENTS_PER_SECOND * BATCH_MS / 500);
    }

    private static long events(List<Batch> batches) {
        return batches.stream().mapToLong(Batch::events).sum();
    }

    private JavaStreamingContext costly(String gateway) {
        JavaStreamingContext context = new JavaStreamingContext(
                CountingJob.conf(gateway)
                        .set("spark.streaming.backpressure.enabled", "true")
                        .set("spark.streaming.backpressure.pid.minRate", "100")
                        .set("spark.streaming.receiver.maxRate", "" + 2 * EVENTS_PER_SECOND),
                Durations.milliseconds(BATCH_MS));
        context.checkpoint(folder.toString());
        GatewayStream.create(context, GatewayOptions.of("test").withBlockInterval(Duration.ofMillis(100)))
                .foreachRDD((rdd, time) -> work(rdd));
        return context;
    }

    private static void work(JavaRDD<DoorRecord> batch) throws InterruptedException {
        long events = 0;
        for (DoorRecord record : batch.collect()) {
            events += record instanceof Slice slice ? slice.next() - slice.from() : 0;
        }
        TimeUnit.NANOSECONDS.sleep(events * costNanos);
    }

    /** Remembers each batch that is done, and what is granted then. */
    private record Watch(List<Batch> batches, JavaStreamingContext context) implements StreamingListener {
        @Override
        public void onBatchCompleted(StreamingListenerBatchCompleted completed) {
            var info = completed.batchInfo();
            batches.add(new Batch(
                    info.batchTime().milliseconds(),
                    info.numRecords(),
                    (Long) info.schedulingDelay().get(),
                    GatewayStream.governor(context).batchesWaiting(),
                    GatewayStream.governor(context).rate()));
        }
    }
}
