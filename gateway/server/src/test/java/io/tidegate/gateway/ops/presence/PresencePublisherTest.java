package io.tidegate.gateway.ops.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.tidegate.gateway.FakeBroker;
import io.tidegate.gateway.FakeBroker.Published;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.PresenceState;
import io.tidegate.mqtt.MqttEndpoint;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PresencePublisherTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String ONLINE =
            "{\"state\":\"online\",\"version\":\"1.2\",\"time\":\"2026-11-22T10:00:00.000Z\"}";

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("application-test"));
    private final FakeBroker broker = new FakeBroker();
    private final List<Presence> known = new ArrayList<>();

    /** Whoever is waited for has nothing to wait for itself. */
    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(10));
    }

    @AfterEach
    void everythingEnds() {
        kit.shutdownTestKit();
    }

    @Test
    void it_says_that_the_gateway_is_there_and_leaves_a_last_will() {
        spawn();

        FakeBroker.Link link = link(1);
        soon().untilAsserted(() -> assertThat(link.published())
                .containsExactly(new Published("tidegate/status/gateway/g%2F1", ONLINE, true)));
        assertThat(link.endpoint().will()).hasValueSatisfying(will -> {
            assertThat(will.topic()).isEqualTo("tidegate/status/gateway/g%2F1");
            assertThat(will.retained()).isTrue();
            assertThat(new String(will.payload(), StandardCharsets.UTF_8)).contains("\"state\":\"offline\"");
        });
    }

    @Test
    void a_devices_presence_is_retained_on_a_topic_that_the_device_cannot_choose() {
        ActorRef<PresencePublisher.Command> publisher = spawn();
        FakeBroker.Link link = link(1);

        publisher.tell(announce(new Presence("a/#", PresenceState.SILENT, NOW.toEpochMilli() - 1, "silence")));

        soon().untilAsserted(() -> assertThat(link.published())
                .contains(new Published(
                        "tidegate/devices/a%2F%23/presence",
                        "{\"state\":\"silent\",\"since\":\"2026-11-22T09:59:59.999Z\",\"reason\":\"silence\"}", true)));
    }

    @Test
    void the_newest_ledger_is_retained_and_told_again_to_a_broker_that_comes_back() {
        ActorRef<PresencePublisher.Command> publisher = spawn();
        FakeBroker.Link first = link(1);
        Published ledger = new Published("tidegate/ledger/gateway/g%2F1", "{\"residual\":0}", true);

        publisher.tell(new PresencePublisher.LedgerSays("{\"residual\":0}"));
        soon().untilAsserted(() -> assertThat(first.published()).contains(ledger));
        first.lose("reset", -1);

        FakeBroker.Link second = link(2);
        soon().untilAsserted(() -> assertThat(second.published()).contains(ledger));
    }

    @Test
    void what_the_log_knows_is_told_at_the_start() {
        known.add(presence("d1", PresenceState.ONLINE));

        spawn();

        soon().untilAsserted(() -> assertThat(topics(link(1))).contains("tidegate/devices/d1/presence"));
    }

    @Test
    void what_a_broker_refuses_for_the_moment_is_told_again() {
        ActorRef<PresencePublisher.Command> publisher = spawn();
        FakeBroker.Link link = link(1);
        link.stopAnswering();
        publisher.tell(announce(presence("d1", PresenceState.ONLINE)));
        soon().untilAsserted(() -> assertThat(topics(link)).contains("tidegate/devices/d1/presence"));

        link.refuseUnanswered(0x97);

        soon().untilAsserted(() -> assertThat(topics(link))
                .filteredOn("tidegate/devices/d1/presence"::equals)
                .hasSize(2));
    }

    @Test
    void what_was_not_acknowledged_is_published_again_and_then_only_the_newest_state() {
        ActorRef<PresencePublisher.Command> publisher = spawn();
        FakeBroker.Link first = link(1);
        first.stopAnswering();
        publisher.tell(announce(presence("d1", PresenceState.ONLINE)));
        publisher.tell(announce(presence("d1", PresenceState.SILENT)));
        publisher.tell(announce(presence("d1", PresenceState.OFFLINE)));
        soon().untilAsserted(() -> assertThat(topics(first)).contains("tidegate/devices/d1/presence"));

        first.lose("reset", -1);
        FakeBroker.Link second = link(2);

        soon().untilAsserted(() -> assertThat(second.published())
                .filteredOn(each -> each.topic().equals("tidegate/devices/d1/presence"))
                .extracting(Published::payload)
                .satisfiesExactly(
                        again -> assertThat(again).contains("\"state\":\"online\""),
                        newest -> assertThat(newest).contains("\"state\":\"offline\"")));
    }

    @Test
    void thousands_of_devices_are_told_a_few_at_a_time() {
        ActorRef<PresencePublisher.Command> publisher = spawn();
        FakeBroker.Link link = link(1);
        link.stopAnswering();

        for (int i = 0; i < 1000; i++) {
            publisher.tell(announce(presence("d" + i, PresenceState.ONLINE)));
        }
        TestProbe<PresencePublisher.Command> probe = kit.createTestProbe();
        soon().untilAsserted(
                        () -> assertThat(link.published()).hasSizeGreaterThanOrEqualTo(PresencePublisher.IN_FLIGHT));
        probe.expectNoMessage(Duration.ofMillis(100));

        assertThat(topics(link).stream().filter(topic -> topic.startsWith("tidegate/devices")))
                .hasSize(PresencePublisher.IN_FLIGHT);
    }

    @Test
    void stop_says_that_it_was_on_purpose() {
        ActorRef<PresencePublisher.Command> publisher = spawn();
        FakeBroker.Link link = link(1);
        TestProbe<PresencePublisher.Command> probe = kit.createTestProbe();

        publisher.tell(PresencePublisher.Stop.STOP);

        probe.expectTerminated(publisher);
        Published last = link.published().get(link.published().size() - 1);
        assertThat(last.payload()).contains("\"state\":\"stopped\"");
        assertThat(last.retained()).isTrue();
        assertThat(link.isClosed()).isTrue();
    }

    private static List<String> topics(FakeBroker.Link link) {
        return link.published().stream().map(Published::topic).toList();
    }

    private static PresencePublisher.Announce announce(Presence presence) {
        return new PresencePublisher.Announce(List.of(presence));
    }

    private static Presence presence(String device, PresenceState state) {
        return new Presence(device, state, NOW.toEpochMilli(), "reading");
    }

    private FakeBroker.Link link(int number) {
        await().untilAsserted(() -> {
            assertThat(broker.links()).hasSize(number);
            assertThat(broker.links().get(number - 1).published()).isNotEmpty();
        });
        return broker.links().get(number - 1);
    }

    private ActorRef<PresencePublisher.Command> spawn() {
        PresencePublisher.Settings settings = new PresencePublisher.Settings(
                broker,
                MqttEndpoint.results(URI.create("tcp://localhost:1883"), "presence"),
                "g/1",
                "1.2",
                Clock.fixed(NOW, ZoneOffset.UTC));
        return kit.spawn(PresencePublisher.create(settings, () -> known));
    }
}
