package io.tidegate.gateway.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.gateway.FakeBroker;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.KeyGroup;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.EventLog.Durable;
import io.tidegate.gateway.log.Tally;
import io.tidegate.mqtt.MqttEndpoint;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MqttSourceTest {

    private static final int RECEIVE_MAXIMUM = 20;
    private static final int QOS0 = 3;
    private static final Duration SLOW = Duration.ofMinutes(1);

    private final ActorTestKit kit =
            ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load("application-test")));
    private final ManualTime time = ManualTime.get(kit.system());
    private final FakeBroker broker = new FakeBroker();
    private final TestProbe<KeyGroup.Command> keyGroup = kit.createTestProbe();
    private final TestProbe<EventLog.Command> log = kit.createTestProbe();
    private final SeenThrough seen = new SeenThrough(Clock.systemUTC(), Duration.ZERO, 0);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SourceHealth health = new SourceHealth("mqtt");
    private boolean knownBefore;
    private int receiveMaximumBytes = 1 << 20;

    /** Whoever is waited for has nothing to wait for itself. */
    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(10));
    }

    @AfterEach
    void everythingEnds() {
        kit.shutdownTestKit();
    }

    @Test
    void nothing_is_acknowledged_before_it_is_durable_and_then_in_the_order_of_receipt() {
        FakeBroker.Link link = running();
        link.deliver("sensors/d1/t", "1");
        KeyGroup.Admit first = admitted();
        link.deliver("sensors/d1/t", "{");
        EventLog.Append second = appended();
        link.deliver("sensors/d1/t", "3");
        link.deliver("sensors/d1/t", "4");

        second.replyTo().tell(new Durable());
        keyGroup.expectNoMessage(Duration.ofMillis(200));
        assertThat(link.acknowledged()).isEmpty();
        first.replyTo().tell(new Durable());

        soon().untilAsserted(() -> assertThat(link.acknowledged()).containsExactly(1, 2));
        KeyGroup.Admit rest = admitted();
        assertThat(rest.events()).hasSize(2);
        rest.replyTo().tell(new Durable());
        soon().untilAsserted(() -> assertThat(link.acknowledged()).containsExactly(1, 2, 3, 4));
    }

    @Test
    void what_says_nothing_becomes_a_dead_letter_and_the_stream_goes_on() {
        FakeBroker.Link link = running();

        link.deliver("sensors/d1/t", "{\"value\":");
        EventLog.Append append = appended();
        append.replyTo().tell(new Durable());

        assertThat(append.write().tally()).isEqualTo(Tally.ofDeadLetters(1));
        assertThat(append.write().deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.reason()).isEqualTo("invalid-json");
            assertThat(letter.origin()).isEqualTo("sensors/d1/t");
            assertThat(letter.source()).isEqualTo("mqtt");
            assertThat(letter.decoder()).isEqualTo("metric");
            assertThat(letter.rawLength()).isEqualTo(9);
        });
        soon().untilAsserted(() -> assertThat(link.acknowledged()).containsExactly(1));
        link.deliver("sensors/d1/t", "2");
        assertThat(admitted().events()).hasSize(1);
    }

    @Test
    void a_stalled_log_holds_back_acknowledgements_and_nothing_else() {
        FakeBroker.Link link = running();

        for (int i = 0; i < RECEIVE_MAXIMUM; i++) {
            link.deliver("sensors/d1/t", Integer.toString(i));
        }
        List<KeyGroup.Admit> waiting = new ArrayList<>(List.of(admitted(), admitted()));
        time.timePasses(Duration.ofHours(2));

        assertThat(link.acknowledged()).isEmpty();
        assertThat(link.isClosed()).isFalse();
        assertThat(health.isRunning()).isTrue();
        int events = 0;
        while (events < RECEIVE_MAXIMUM) {
            KeyGroup.Admit next = waiting.isEmpty() ? admitted() : waiting.remove(0);
            events += next.events().size();
            next.replyTo().tell(new Durable());
        }
        soon().untilAsserted(() -> assertThat(link.acknowledged()).hasSize(RECEIVE_MAXIMUM));
    }

    @Test
    void qos_0_beyond_its_share_is_refused_and_counted_with_a_later_batch() {
        TestProbe<Object> both = kit.createTestProbe();
        FakeBroker.Link link = running(both.ref().narrow(), both.ref().narrow());

        for (int i = 0; i < QOS0 + 2; i++) {
            link.deliverQos0("sensors/d1/t", "1");
        }
        link.deliver("sensors/d1/t", "2");

        int events = 0;
        long refused = 0;
        while (events < QOS0 + 1 || refused < 2) {
            Object next = both.receiveMessage();
            if (next instanceof KeyGroup.Admit admit) {
                events += admit.events().size();
                admit.replyTo().tell(new Durable());
            } else if (next instanceof EventLog.Append append) {
                refused += append.write().tally().refused();
                assertThat(append.write().tally().residual()).isZero();
                append.replyTo().tell(new Durable());
            }
        }
        assertThat(events).isEqualTo(QOS0 + 1);
        assertThat(refused).isEqualTo(2);
        soon().untilAsserted(() -> assertThat(link.acknowledged()).containsExactly(1));
    }

    @Test
    void qos_0_beyond_its_share_in_bytes_is_refused_too() {
        receiveMaximumBytes = 5;
        TestProbe<Object> both = kit.createTestProbe();
        FakeBroker.Link link = running(both.ref().narrow(), both.ref().narrow());

        link.deliverQos0("sensors/d1/t", "12345");
        link.deliverQos0("sensors/d1/t", "1");
        link.deliver("sensors/d1/t", "2");

        List<Double> values = new ArrayList<>();
        long refused = 0;
        while (values.size() < 2 || refused < 1) {
            Object next = both.receiveMessage();
            if (next instanceof KeyGroup.Admit admit) {
                admit.events().forEach(event -> values.add(event.getReading().getValue()));
                admit.replyTo().tell(new Durable());
            } else if (next instanceof EventLog.Append append) {
                refused += append.write().tally().refused();
                append.replyTo().tell(new Durable());
            }
        }
        assertThat(values).containsExactly(12_345.0, 2.0);
        assertThat(refused).isEqualTo(1);
    }

    @Test
    void what_the_broker_says_it_may_have_sent_before_is_counted() {
        FakeBroker.Link link = running();

        link.deliver("sensors/d1/t", "1");
        link.deliverAgain("sensors/d1/t", "2");

        assertThat(registry.get("tidegate.source.redelivered.messages")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void a_retained_reading_is_counted_and_a_retained_status_is_used() {
        FakeBroker.Link link = running();

        link.deliverRetained("sensors/d1/t", "1");
        EventLog.Append old = appended();
        old.replyTo().tell(new Durable());
        link.deliverRetained("sensors/d1/status", "online");

        assertThat(old.write().tally()).isEqualTo(Tally.ofRetainedIgnored(1));
        assertThat(admitted().status())
                .singleElement()
                .satisfies(presence -> assertThat(presence.device()).isEqualTo("d1"));
    }

    @Test
    void the_next_connection_waits_until_what_is_in_our_hands_is_durable() {
        FakeBroker.Link link = running();
        link.deliver("sensors/d1/t", "1");
        KeyGroup.Admit admit = admitted();

        link.lose("reset", -1);
        soon().untilAsserted(() -> assertThat(link.isClosed()).isTrue());
        time.timePasses(Duration.ofMinutes(10));
        assertThat(broker.links()).hasSize(1);
        admit.replyTo().tell(new Durable());

        nextLink(2);
    }

    @Test
    void a_kept_session_is_not_subscribed_again_and_a_forgotten_one_is_counted_as_lost() {
        FakeBroker.Link first = running();
        assertThat(first.subscriptions()).containsExactly(List.of("sensors/#"));
        broker.sessionPresent(true);

        first.lose("reset", -1);
        FakeBroker.Link second = nextLink(2);
        soon().untilAsserted(() -> assertThat(health.isRunning()).isTrue());
        assertThat(second.subscriptions()).isEmpty();
        assertThat(sessionsLost()).isZero();

        broker.sessionPresent(false);
        second.lose("reset", -1);
        FakeBroker.Link third = nextLink(3);
        soon().untilAsserted(() -> assertThat(third.subscriptions()).containsExactly(List.of("sensors/#")));
        assertThat(sessionsLost()).isEqualTo(1);
    }

    @Test
    void a_source_that_the_log_knows_notices_a_session_that_was_lost_while_it_was_away() {
        knownBefore = true;

        running();

        assertThat(sessionsLost()).isEqualTo(1);
    }

    @Test
    void a_broker_that_refuses_us_is_left_in_peace_for_a_minute() {
        broker.refuseNext(0x87);
        spawn();
        soon().untilAsserted(() -> assertThat(health.detail()).contains("refused"));

        time.timePasses(SLOW.minusSeconds(1));
        assertThat(broker.links()).isEmpty();
        nextLink(1);
    }

    @Test
    void a_busy_broker_is_asked_again_soon() {
        broker.refuseNext(0x97);
        spawn();
        soon().untilAsserted(() -> assertThat(health.detail()).contains("refused"));

        time.timePasses(Duration.ofSeconds(1));

        soon().untilAsserted(() -> assertThat(broker.links()).hasSize(1));
    }

    @Test
    void refused_filters_are_no_reason_to_pretend_that_it_runs() {
        broker.refuseSubscriptions(0x87);
        spawn();

        soon().untilAsserted(() -> assertThat(health.detail()).contains("subscribe"));
        assertThat(health.isRunning()).isFalse();
        soon().untilAsserted(() -> assertThat(broker.links())
                .singleElement()
                .satisfies(link -> assertThat(link.isClosed()).isTrue()));
    }

    @Test
    void a_session_that_another_client_took_over_is_not_fought_for() {
        FakeBroker.Link link = running();

        link.lose("session taken over", 0x8E);
        soon().untilAsserted(() -> assertThat(health.isRunning()).isFalse());
        time.timePasses(SLOW.minusSeconds(1));
        assertThat(broker.links()).hasSize(1);

        nextLink(2);
    }

    @Test
    void whoever_is_cut_four_times_soon_after_connecting_yields_until_a_connection_has_lasted() {
        FakeBroker.Link link = running();
        for (int number = 2; number <= 4; number++) {
            link.lose("connection lost", -1);
            link = nextLink(number);
            soon().untilAsserted(() -> assertThat(health.isRunning()).isTrue());
        }

        link.lose("connection lost", -1);

        soon().untilAsserted(() -> assertThat(health.detail()).contains("another client", "\"gateway\""));
        time.timePasses(SLOW.minusSeconds(1));
        assertThat(broker.links()).hasSize(4);
        FakeBroker.Link lasting = nextLink(5);
        soon().untilAsserted(() -> assertThat(health.isRunning()).isTrue());
        time.timePasses(Duration.ofSeconds(31));
        lasting.lose("connection lost", -1);
        soon().untilAsserted(() -> assertThat(health.detail()).contains("lost").doesNotContain("another client"));
        time.timePasses(Duration.ofSeconds(1));
        soon().untilAsserted(() -> assertThat(broker.links()).hasSize(6));
    }

    @Test
    void stop_acknowledges_what_is_in_our_hands_and_then_disconnects() {
        ActorRef<MqttSource.Command> source = spawn();
        FakeBroker.Link link = nextLink(1);
        soon().untilAsserted(() -> assertThat(health.isRunning()).isTrue());
        link.deliver("sensors/d1/t", "1");
        KeyGroup.Admit admit = admitted();

        source.tell(MqttSource.Stop.STOP);
        soon().untilAsserted(() -> assertThat(health.detail()).isEqualTo("stopping"));
        link.deliver("sensors/d1/t", "2");
        assertThat(link.isClosed()).isFalse();
        admit.replyTo().tell(new Durable());

        keyGroup.expectTerminated(source);
        assertThat(link.acknowledged()).containsExactly(1);
        assertThat(link.isClosed()).isTrue();
        keyGroup.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void receipts_in_flight_hold_back_what_is_seen_until_they_are_durable() {
        FakeBroker.Link link = running();
        link.deliver("sensors/d1/t", "1");
        KeyGroup.Admit admit = admitted();
        long stamp = admit.events().get(0).getReceivedMs();

        soon().until(() -> seen.clockMs() > stamp + 5);
        assertThat(seen.now()).isLessThanOrEqualTo(stamp);
        admit.replyTo().tell(new Durable());

        soon().untilAsserted(() -> assertThat(seen.now()).isGreaterThan(stamp));
    }

    private double sessionsLost() {
        return registry.get("tidegate.source.session.lost").counter().count();
    }

    private KeyGroup.Admit admitted() {
        return keyGroup.expectMessageClass(KeyGroup.Admit.class);
    }

    private EventLog.Append appended() {
        return log.expectMessageClass(EventLog.Append.class);
    }

    private FakeBroker.Link running() {
        return running(keyGroup.ref(), log.ref());
    }

    private FakeBroker.Link running(ActorRef<KeyGroup.Command> toKeyGroup, ActorRef<EventLog.Command> toLog) {
        spawn(toKeyGroup, toLog);
        FakeBroker.Link link = nextLink(1);
        soon().untilAsserted(() -> assertThat(health.isRunning()).isTrue());
        return link;
    }

    /** Lets time pass until the connection of this number is there. */
    private FakeBroker.Link nextLink(int number) {
        await().untilAsserted(() -> {
            time.timePasses(Duration.ofSeconds(1));
            assertThat(broker.links()).hasSize(number);
        });
        return broker.links().get(number - 1);
    }

    private ActorRef<MqttSource.Command> spawn() {
        return spawn(keyGroup.ref(), log.ref());
    }

    private ActorRef<MqttSource.Command> spawn(
            ActorRef<KeyGroup.Command> toKeyGroup, ActorRef<EventLog.Command> toLog) {
        MqttEndpoint endpoint = MqttEndpoint.ingest(URI.create("tcp://localhost:1883"), "gateway")
                .with(new MqttEndpoint.Limits(RECEIVE_MAXIMUM, receiveMaximumBytes, 1 << 20, 1, Duration.ZERO))
                .withKeepAlive(Duration.ofSeconds(2));
        MqttSourceSettings settings = new MqttSourceSettings("mqtt", endpoint, List.of("sensors/#"), QOS0, 100, SLOW);
        TopicDecoder decoders = new TopicDecoder(
                List.of(
                        new Route("sensors/+/status", Route.Decoder.STATUS),
                        new Route("sensors/+/+", Route.Decoder.METRIC)),
                new Limits(1 << 16, 100, 8, 64),
                Weblogs.reader());
        MqttSource.Environment environment = new MqttSource.Environment(
                broker,
                decoders,
                new Admission(kit.system(), List.of(toKeyGroup), toLog),
                seen,
                registry,
                new Random(1),
                () -> knownBefore);
        return kit.spawn(MqttSource.create(settings, environment, health));
    }
}
