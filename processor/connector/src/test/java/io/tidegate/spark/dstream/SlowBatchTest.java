package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.junit.SlowTest;
import io.tidegate.spark.client.internal.FakeGateway;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.StreamElement;
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
 * D3 of the fault catalogue: each event costs so much that what comes takes three times as long as there is. What can't be
 * done waits at the gateway: Spark never has more than it had when the gateway was told, however long it goes on.
 */
@SuppressWarnings("deprecation")
class SlowBatchTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BATCH_MS = 500;
    private static final int EVENTS_PER_SECOND = 2_000;
    private static final int SLOWER = 3;

    /** Half a minute's events: two thirds of them can't be done as fast as they come. */
    private static final int SLOW_EVENTS = 30 * EVENTS_PER_SECOND;

    /**
     * Two batches that wait, until nothing is granted, one that runs, one that fills, and a second's worth that was granted
     * before; all at the greatest rate, twice the one that comes. Unheld it would be twice as much in the end.
     */
    private static final long MOST_AT_SPARK =
            2L * EVENTS_PER_SECOND * ((BackpressureController.MOST_WAITING + 3) * BATCH_MS + 1_000) / 1_000;

    /** What each event costs while it is slow. */
    private static final long SLOW_NANOS = SLOWER * TimeUnit.SECONDS.toNanos(1) / EVENTS_PER_SECOND;

    private static volatile long costNanos;

    @TempDir
    Path folder;

    /**
     * A batch that has run.
     *
     * @param atSpark events that are delivered and not done
     * @param held whether nothing was taken then
     */
    private record Batch(long events, long atSpark, boolean held) {}

    @SlowTest(seconds = 60)
    void a_slow_batch_function_slows_the_gateway_down_and_what_can_not_be_done_waits_there() throws Exception {
        costNanos = 0;
        try (FakeGateway gateway = new FakeGateway(4, 7);
                JavaStreamingContext context = costly(gateway.address())) {
            List<Batch> batches = new CopyOnWriteArrayList<>();
            context.addStreamingListener(new Watch(batches, context, gateway));
            context.start();
            try (Feeder feeder = Feeder.feed(gateway, EVENTS_PER_SECOND, 7)) {
                await().atMost(PATIENCE).until(() -> batches.size() > 10);
                long fed = gateway.events();
                costNanos = SLOW_NANOS;
                await().atMost(PATIENCE)
                        .until(() -> batches.get(batches.size() - 1).held());
                await().atMost(PATIENCE).until(() -> gateway.events() >= fed + SLOW_EVENTS);
                costNanos = 0;
            }

            batches.forEach(System.out::println);
            assertThat(batches).allMatch(batch -> batch.atSpark() <= MOST_AT_SPARK);
            await().atMost(PATIENCE).until(() -> events(batches) == gateway.events());
            assertThat(GatewayStream.backpressure(context).isHeld()).isFalse();
        }
    }

    private static long events(List<Batch> batches) {
        return batches.stream().mapToLong(Batch::events).sum();
    }

    private JavaStreamingContext costly(String gateway) {
        JavaStreamingContext context = new JavaStreamingContext(
                CountingJob.conf(gateway).set("spark.streaming.receiver.maxRate", "" + 2 * EVENTS_PER_SECOND),
                Durations.milliseconds(BATCH_MS));
        context.checkpoint(folder.toString());
        GatewayStream.create(context, GatewayOptions.of("test").withBlockInterval(Duration.ofMillis(100)))
                .foreachRDD((rdd, time) -> work(rdd));
        return context;
    }

    private static void work(JavaRDD<StreamElement> batch) throws InterruptedException {
        long events = 0;
        for (StreamElement record : batch.collect()) {
            events += record instanceof EventChunk slice ? slice.next() - slice.from() : 0;
        }
        TimeUnit.NANOSECONDS.sleep(events * costNanos);
    }

    /** Remembers each batch that is done, and what is granted then. */
    private record Watch(List<Batch> batches, JavaStreamingContext context, FakeGateway gateway)
            implements StreamingListener {
        @Override
        public void onBatchCompleted(StreamingListenerBatchCompleted completed) {
            long events = completed.batchInfo().numRecords();
            batches.add(new Batch(
                    events,
                    gateway.totalDelivered() - events(batches) - events,
                    GatewayStream.backpressure(context).isHeld()));
        }
    }
}
