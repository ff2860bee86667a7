package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.spark.client.internal.FakeGateway;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockId;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.util.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** How long blocks stay in Spark's memory; batches come when the test lets them. */
@SuppressWarnings("deprecation")
class BlockRetentionTest {
    private static final int BATCH_MS = 1_000;

    /** What the door promises. */
    private static final int KEPT = 20;

    private static volatile long done;

    @TempDir
    Path folder;

    @Test
    void a_block_is_freed_twenty_batches_after_its_own_however_long_windows_remember_it() throws Exception {
        done = 0;
        try (FakeGateway gateway = new FakeGateway(1, 7);
                JavaStreamingContext context = windowed(gateway.address())) {
            gateway.freeze(true);
            context.start();
            gateway.append("d", 1);
            await().until(() -> gateway.totalDelivered() == 1);

            runThrough(context, KEPT);
            assertThat(blocks()).isEqualTo(1);

            runThrough(context, KEPT + 1);
            await().until(() -> blocks() == 0);
            assertThat(context.ssc()
                            .graph()
                            .getInputStreams()[0]
                            .rememberDuration()
                            .milliseconds())
                    .isGreaterThan((KEPT + 1L) * BATCH_MS);
        }
    }

    /** A window of a minute remembers its input for longer than that. */
    private JavaStreamingContext windowed(String gateway) {
        JavaStreamingContext context = new JavaStreamingContext(
                CountingJob.conf(gateway).set("spark.streaming.clock", ManualClock.class.getName()),
                Durations.milliseconds(BATCH_MS));
        context.checkpoint(folder.toString());
        GatewayStream.create(context, GatewayOptions.of("test").withBlockInterval(Duration.ofMillis(100)))
                .map(record -> 1)
                .window(Durations.seconds(60))
                .foreachRDD((rdd, time) -> finished(rdd.count(), time));
        return context;
    }

    private static void finished(long count, Time time) {
        assertThat(count).isPositive();
        done = time.milliseconds();
    }

    private static void runThrough(JavaStreamingContext context, int batch) {
        ManualClock clock = (ManualClock) context.ssc().scheduler().clock();
        while (done < (long) batch * BATCH_MS) {
            long next = done + BATCH_MS;
            clock.advance(BATCH_MS);
            await().pollInterval(Duration.ofMillis(10)).until(() -> done == next);
        }
    }

    /** How many blocks of the receiver there are. */
    private static int blocks() {
        return CollectionConverters.asJava(SparkEnv.get().blockManager().getMatchingBlockIds(new ReceiverBlocks()))
                .size();
    }

    private static final class ReceiverBlocks extends scala.runtime.AbstractFunction1<BlockId, Object> {
        @Override
        public Object apply(BlockId id) {
            return id.name().startsWith("input-");
        }
    }
}
