package io.tidegate.gateway.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.gateway.Heap;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.KeyGroup;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.EventLog.Durable;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.RecordingPublisher;
import io.tidegate.harness.ScriptedBroker;
import io.tidegate.harness.SentReading;
import io.tidegate.junit.Patience;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.protocol.v1.Event;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M4 and M5 of the fault catalogue: a source over real sockets whose log stands still. */
class StalledLogTest {

    private static final int RECEIVE_MAXIMUM = 50;

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<EventLog.Command> log = kit.createTestProbe();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SourceHealth health = new SourceHealth("mqtt");
    private final Disk disk = new Disk();

    @AfterEach
    void everythingEnds() {
        kit.shutdownTestKit();
    }

    @Test
    void a_stalled_log_does_not_disturb_the_link_and_after_it_everything_is_stored_and_acknowledged() {
        try (ScriptedBroker broker = ScriptedBroker.start()) {
            broker.sessionPresent(true);
            spawn(broker.uri(), Duration.ofSeconds(1));
            int stored = 0;
            boolean linkLasted = false;
            // Where the machine stands still for a keep-alive, the end of the link is right: once in a while it
            // doesn't.
            for (int attempt = 0; attempt < 10 && !linkLasted; attempt++) {
                await().until(health::isRunning);
                linkLasted = lastsWhileTheLogStandsStill(broker);
                disk.goOn();
                stored += RECEIVE_MAXIMUM;
                int all = stored;
                await().until(() -> disk.stored.size() == all);
            }

            assertThat(linkLasted).isTrue();
            await().until(() -> broker.acknowledged().size() >= RECEIVE_MAXIMUM);
            assertThat(broker.acknowledged())
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, RECEIVE_MAXIMUM).boxed().toList());
        }
    }

    private boolean lastsWhileTheLogStandsStill(ScriptedBroker broker) {
        disk.stall();
        for (int i = 1; i <= RECEIVE_MAXIMUM; i++) {
            broker.deliver("sensors/d/t", "{\"value\":1,\"seq\":" + i + "}", 1, false, i);
        }
        await().until(() -> inFlight() == RECEIVE_MAXIMUM);
        int pings = broker.pings();
        int connects = broker.connects().size();

        await().until(() -> broker.pings() >= pings + 4 || broker.open() == 0);
        assertThat(broker.connects()).hasSize(connects);
        assertThat(broker.acknowledged()).isEmpty();
        assertThat(inFlight()).isEqualTo(RECEIVE_MAXIMUM);
        return broker.open() == 1;
    }

    @Test
    void cut_while_the_log_stands_still_it_connects_as_soon_as_what_is_in_its_hands_is_stored() {
        try (ScriptedBroker broker = ScriptedBroker.start()) {
            spawn(broker.uri(), Patience.LIMIT);
            await().until(health::isRunning);
            disk.stall();
            broker.deliver("sensors/d/t", "{\"value\":1,\"seq\":1}", 1, false, 1);
            await().until(() -> disk.waiting() == 1);

            broker.cut();
            await().until(() -> !health.isRunning());
            await().during(Duration.ofSeconds(1)).until(() -> broker.connects().size() == 1);
            disk.goOn();

            await().until(() -> broker.connects().size() == 2);
            assertThat(disk.stored).hasSize(1);
        }
    }

    @SlowTest(seconds = 60)
    void thirty_seconds_without_a_disk_cost_nothing_with_a_real_broker(@TempDir Path folder) throws Exception {
        assumeTrue(Mosquitto.installed().isPresent(), "mosquitto is not installed");
        int port = FreePort.next();
        try (Program broker = Mosquitto.start(folder, "mosquitto", port)) {
            assertThat(broker.isAlive()).isTrue();
            spawn(URI.create("tcp://localhost:" + port), Duration.ofSeconds(5));
            await().until(health::isRunning);
            try (RecordingPublisher publisher = RecordingPublisher.start(
                    port, new RecordingPublisher.Plan("fleet", 50, 1_000), Seed.of("thirty seconds without a disk"))) {
                await().until(() -> disk.stored.size() >= 1_000);
                disk.stall();
                await().until(() -> inFlight() == RECEIVE_MAXIMUM);
                long before = Heap.used();
                await().during(Duration.ofSeconds(30)).until(() -> {
                    assertThat(inFlight()).isLessThanOrEqualTo(RECEIVE_MAXIMUM);
                    return health.isRunning();
                });
                // The publisher remembers 30,000 readings, twice; far less than 32 MB.
                assertThat(Heap.used() - before).isLessThan(32 << 20);
                assertThat(registry.get("tidegate.source.connections").counter().count())
                        .isEqualTo(1);
                disk.goOn();
                publisher.finish();
                await().until(publisher::isDrained);

                List<String> expected = publisher.acknowledged().stream()
                        .map(StalledLogTest::key)
                        .toList();
                await().until(() -> disk.stored.size() >= expected.size());
                assertThat(disk.stored).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    private static String key(SentReading sent) {
        return sent.device() + " " + sent.seq();
    }

    private double inFlight() {
        return registry.get("tidegate.source.in.flight.messages").gauge().value();
    }

    private void spawn(URI broker, Duration keepAlive) {
        MqttEndpoint endpoint = MqttEndpoint.ingest(broker, "stalled")
                .withReceiveMaximum(RECEIVE_MAXIMUM)
                .withKeepAlive(keepAlive);
        MqttSourceSettings settings =
                new MqttSourceSettings("mqtt", endpoint, List.of("sensors/#"), 10, 100, Duration.ofMinutes(1));
        TopicDecoder decoders = new TopicDecoder(
                List.of(new Route("sensors/+/+", Route.Decoder.METRIC)),
                new Limits(1 << 16, 100, 8, 64),
                Weblogs.reader());
        MqttSource.Environment environment = new MqttSource.Environment(
                MqttTransport.paho(),
                decoders,
                new Admission(kit.system(), List.of(kit.spawn(disk.keyGroup())), log.ref()),
                new SeenThrough(Clock.systemUTC(), Duration.ZERO, 0),
                registry,
                new Random(1),
                () -> false);
        kit.spawn(MqttSource.create(settings, environment, health));
    }

    /** A key group over a disk that stands still on demand; de-duplicates nothing. */
    private static final class Disk {
        private final List<String> stored = Collections.synchronizedList(new ArrayList<>());
        private final List<KeyGroup.Admit> waiting = new ArrayList<>();
        private boolean stalled;

        private Behavior<KeyGroup.Command> keyGroup() {
            return Behaviors.receiveMessage(message -> {
                if (message instanceof KeyGroup.Admit admit) {
                    admit(admit);
                }
                return Behaviors.same();
            });
        }

        private synchronized void admit(KeyGroup.Admit admit) {
            if (stalled) {
                waiting.add(admit);
            } else {
                store(admit);
            }
        }

        private synchronized int waiting() {
            return waiting.size();
        }

        private synchronized void stall() {
            stalled = true;
        }

        private synchronized void goOn() {
            stalled = false;
            waiting.forEach(this::store);
            waiting.clear();
        }

        private void store(KeyGroup.Admit admit) {
            for (Event event : admit.events()) {
                stored.add(event.getReading().getDevice() + " "
                        + event.getReading().getSeq());
            }
            admit.replyTo().tell(new Durable());
        }
    }
}
