package io.tidegate.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FleetRunTest {
    private static final FleetShape SHAPE = Fleets.shape(
            1,
            new FleetShape.Share(0.1, Duration.ofSeconds(1)),
            new FleetShape.Share(0.1, Duration.ofSeconds(1)),
            Fleets.AWAKE);
    private static final Pace AT_ONCE = offsetMs -> true;

    @Test
    void every_planned_message_is_published_in_its_order_and_counted() throws Exception {
        RecordedPublisher publisher = new RecordedPublisher(topic -> null);
        List<PlannedMessage> planned = Fleets.plan(SHAPE);

        FleetSummary summary = run(List.of(publisher), AT_ONCE);

        assertThat(publisher.readings())
                .containsExactlyElementsOf(planned.stream()
                        .map(message -> message.topic() + " " + message.payload())
                        .toList());
        assertThat(summary.sent()).isEqualTo(planned.size());
        assertThat(summary.acknowledged()).isEqualTo(planned.size());
        assertThat(summary.duplicates())
                .isEqualTo(planned.stream().filter(PlannedMessage::repeated).count());
        assertThat(summary.outOfOrder())
                .isEqualTo(planned.stream().filter(PlannedMessage::outOfOrder).count());
    }

    @Test
    void what_is_refused_is_counted() throws Exception {
        RecordedPublisher publisher = new RecordedPublisher(
                topic -> topic.startsWith("sensors/d3/") ? new IllegalStateException("not authorized") : null);

        FleetSummary summary = run(List.of(publisher), AT_ONCE);

        assertThat(summary.failed())
                .isPositive()
                .isEqualTo(publisher.readings().stream()
                        .filter(message -> message.startsWith("sensors/d3/"))
                        .count());
        assertThat(summary.sent()).isEqualTo(summary.acknowledged() + summary.failed());
    }

    @Test
    void devices_say_online_before_and_offline_after_their_readings_both_retained() throws Exception {
        RecordedPublisher publisher = new RecordedPublisher(topic -> null);

        run(List.of(publisher), AT_ONCE);

        List<String> ofOne = publisher.messages.stream()
                .filter(message -> message.startsWith("sensors/d7/"))
                .toList();
        assertThat(ofOne.get(0)).isEqualTo("sensors/d7/status online retained");
        assertThat(ofOne.get(ofOne.size() - 1)).isEqualTo("sensors/d7/status offline retained");
    }

    @Test
    void a_device_keeps_to_its_publisher_and_all_publishers_are_closed() throws Exception {
        List<RecordedPublisher> publishers = Stream.generate(() -> new RecordedPublisher(topic -> null))
                .limit(3)
                .toList();

        run(publishers, AT_ONCE);

        List<List<String>> devices =
                publishers.stream().map(RecordedPublisher::devices).toList();
        assertThat(devices.get(0)).containsExactlyInAnyOrder("d1", "d4", "d7", "d10");
        assertThat(devices.get(1)).containsExactlyInAnyOrder("d2", "d5", "d8");
        assertThat(devices.get(2)).containsExactlyInAnyOrder("d3", "d6", "d9");
        assertThat(publishers).allMatch(publisher -> publisher.closed);
    }

    @Test
    void a_stop_ends_the_run_and_still_says_offline() throws Exception {
        RecordedPublisher publisher = new RecordedPublisher(topic -> null);
        CountDownLatch stop = new CountDownLatch(1);
        stop.countDown();

        FleetSummary summary = run(List.of(publisher), VirtualClock.realTime(stop));

        assertThat(summary.sent()).isZero();
        assertThat(publisher.messages).contains("sensors/d1/status offline retained");
    }

    @Test
    void real_time_waits_until_a_message_is_due() throws Exception {
        long before = System.nanoTime();
        Pace pace = VirtualClock.realTime(new CountDownLatch(1));

        assertThat(pace.await(50)).isTrue();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    private FleetSummary run(List<RecordedPublisher> publishers, Pace pace) throws InterruptedException {
        return new FleetRun(SHAPE, List.copyOf(publishers)).publish(FleetPlan.of(SHAPE, Fleets.START), pace);
    }

    private interface Broker {
        @Nullable
        RuntimeException refusal(String topic);
    }

    private static final class RecordedPublisher implements Publisher {
        private final List<String> messages = new ArrayList<>();
        private final Broker broker;
        private boolean closed;

        RecordedPublisher(Broker broker) {
            this.broker = broker;
        }

        @Override
        public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) {
            messages.add(topic + " " + new String(payload, StandardCharsets.UTF_8) + (retained ? " retained" : ""));
            RuntimeException refusal = broker.refusal(topic);
            return refusal == null ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(refusal);
        }

        List<String> readings() {
            return messages.stream()
                    .filter(message -> !message.endsWith(" retained"))
                    .toList();
        }

        List<String> devices() {
            return messages.stream()
                    .map(message -> message.split("/", -1)[1])
                    .distinct()
                    .toList();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
