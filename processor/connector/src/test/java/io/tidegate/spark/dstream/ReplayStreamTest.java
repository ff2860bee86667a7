package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.spark.client.internal.FakeGateway;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.EventRow;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.event.StreamElement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.util.ManualClock;
import org.junit.jupiter.api.Test;

/** The past in batches: each event in the one that its time of receipt says, and nothing beside the range. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class ReplayStreamTest {

    private static final long BATCH_MS = 100;
    private static final int EVENTS = 400;

    @Test
    void a_batch_has_what_was_received_in_its_time() throws Exception {
        Random random = new Random(7);
        long fromMs = 1_250;
        try (FakeGateway gateway = new FakeGateway(4, 7)) {
            long at = 1_000;
            for (int i = 0; i < EVENTS; i++) {
                at += random.nextInt(5);
                append(gateway, i, at);
            }
            long lastMs = at;
            LogRange range = LogRange.look(gateway.address(), Instant.ofEpochMilli(fromMs), Duration.ofSeconds(60));
            append(gateway, EVENTS, lastMs); // behind the end that the log had

            assertThat(range.trimmed()).isFalse();
            assertThat(range.firstMs().orElseThrow()).isBetween(fromMs, fromMs + 4);
            assertThat(range.throughMs()).isGreaterThan(lastMs);
            Map<Long, List<String>> batches = run(range, gateway.address(), 1_200, lastMs + 2 * BATCH_MS);

            Map<Long, List<String>> expected = new TreeMap<>();
            Random again = new Random(7);
            at = 1_000;
            for (int i = 0; i < EVENTS; i++) {
                at += again.nextInt(5);
                if (at >= fromMs) {
                    expected.computeIfAbsent((at / BATCH_MS + 1) * BATCH_MS, t -> new ArrayList<>())
                            .add("device-" + i);
                }
            }
            batches.values().removeIf(List::isEmpty);
            assertThat(batches).hasSameSizeAs(expected);
            expected.forEach((batch, devices) ->
                    assertThat(batches.get(batch)).as("batch " + batch).containsExactlyInAnyOrderElementsOf(devices));
            assertThat(range.events())
                    .isEqualTo(expected.values().stream().mapToInt(List::size).sum());
        }
    }

    @Test
    void a_time_before_the_oldest_event_is_told() throws Exception {
        try (FakeGateway gateway = new FakeGateway(1, 7)) {
            for (int i = 0; i < 10; i++) {
                append(gateway, i, 1_000 + i);
            }
            gateway.trim(0, 4);

            LogRange lost = LogRange.look(gateway.address(), Instant.ofEpochMilli(1_002), Duration.ofSeconds(60));
            LogRange whole = LogRange.look(gateway.address(), Instant.ofEpochMilli(1_005), Duration.ofSeconds(60));

            assertThat(lost.trimmed()).isTrue();
            assertThat(lost.firstMs()).hasValue(1_004);
            assertThat(lost.events()).isEqualTo(6);
            assertThat(whole.trimmed()).isFalse();
            assertThat(whole.firstMs()).hasValue(1_005);
            assertThat(whole.events()).isEqualTo(5);
        }
    }

    private static void append(FakeGateway gateway, int i, long receivedMs) {
        String device = "device-" + i;
        gateway.append(
                device,
                Event.newBuilder()
                        .setTimeUs(receivedMs * 1_000)
                        .setReceivedMs(receivedMs)
                        .setReading(Reading.newBuilder().setDevice(device).setMetric("m"))
                        .build());
    }

    /** By time of the batch: the devices of its events. */
    private static Map<Long, List<String>> run(LogRange range, String address, long zeroMs, long throughMs) {
        SparkConf conf = new SparkConf()
                .setMaster("local[2]")
                .setAppName("past")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.streaming.clock", ManualClock.class.getName())
                .set(GatewayClient.ADDRESS, address);
        Map<Long, List<String>> batches = new ConcurrentSkipListMap<>();
        try (JavaSparkContext spark = new JavaSparkContext(conf);
                JavaStreamingContext context = new JavaStreamingContext(spark, Durations.milliseconds(BATCH_MS))) {
            ManualClock clock = (ManualClock) context.ssc().scheduler().clock();
            clock.setTime(zeroMs);
            ReplayStream.create(context, range)
                    .flatMap(record -> devices(record).iterator())
                    .foreachRDD((devices, time) -> {
                        batches.put(time.milliseconds(), new ArrayList<>(devices.collect()));
                    });
            context.start();
            clock.setTime(throughMs);
            long last = throughMs / BATCH_MS * BATCH_MS;
            await().until(() -> batches.containsKey(last));
            assertThat(ReplayStream.pulled(context, last).values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(range.events());
            context.stop(false, false);
        }
        return batches;
    }

    private static List<String> devices(StreamElement record) {
        List<String> devices = new ArrayList<>();
        if (record instanceof EventChunk chunk) {
            chunk.forEach(new EventRow(EventTable.READINGS, "fake"), row -> devices.add((String) row.value("device")));
        }
        return devices;
    }
}
