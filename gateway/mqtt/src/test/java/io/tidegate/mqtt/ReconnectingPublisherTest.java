package io.tidegate.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.ScriptedBroker;
import io.tidegate.harness.ScriptedBroker.Published;
import io.tidegate.junit.Patience;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** E1 of the fault catalogue, for the publisher: a result broker that is away, refuses, withholds, is slow. */
class ReconnectingPublisherTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private ScriptedBroker broker = ScriptedBroker.start();
    private @Nullable ReconnectingPublisher publisher;

    @AfterEach
    void end() {
        if (publisher != null) {
            publisher.close();
        }
        broker.close();
    }

    @Test
    void nothing_is_lost_or_changes_its_place_when_the_broker_cuts_again_and_again() {
        AtomicInteger seen = new AtomicInteger();
        broker.receiveMaximum(20);
        broker.topicAliasMaximum(10);
        broker.puback(p -> {
            if (seen.incrementAndGet() % 37 == 0) {
                broker.cut();
            }
            return 0;
        });
        ReconnectingPublisher to = start(1000);

        CompletableFuture<?>[] all = publish(to, 0, 300);

        assertThat(CompletableFuture.allOf(all)).succeedsWithin(Patience.LIMIT);
        assertThat(new LinkedHashSet<>(broker.payloads())).containsExactlyElementsOf(numbers(0, 300));
        assertThat(broker.published()).allMatch(p -> p.resolved().equals("results/a"));
    }

    @Test
    void what_is_published_while_the_broker_is_away_arrives_when_it_is_back() {
        int port = broker.port();
        ReconnectingPublisher to = start(1000);
        assertThat(CompletableFuture.allOf(publish(to, 0, 10))).succeedsWithin(Patience.LIMIT);
        broker.close();
        await().until(() -> !to.connected());

        CompletableFuture<?>[] away = publish(to, 10, 60);
        assertThat(to.pending()).isEqualTo(50);
        broker = ScriptedBroker.start(port);

        assertThat(CompletableFuture.allOf(away)).succeedsWithin(Patience.LIMIT);
        assertThat(broker.payloads()).containsExactlyElementsOf(numbers(10, 60));
        assertThat(to.pending()).isZero();
    }

    @Test
    void a_full_outbox_holds_the_caller_until_there_is_room() {
        broker.withholdPubacks(true);
        ReconnectingPublisher to = start(3);
        publish(to, 0, 3);

        CompletableFuture<Void> fourth = CompletableFuture.runAsync(() -> publish(to, 3, 4));

        await().during(Duration.ofMillis(300)).until(() -> !fourth.isDone());
        assertThat(to.pending()).isEqualTo(3);
        broker.withholdPubacks(false);
        broker.cut();
        assertThat(fourth).succeedsWithin(Patience.LIMIT);
        await().untilAsserted(() ->
                assertThat(new LinkedHashSet<>(broker.payloads())).containsExactlyElementsOf(numbers(0, 4)));
    }

    @Test
    void a_full_quota_is_tried_again() {
        AtomicInteger seen = new AtomicInteger();
        broker.puback(p -> seen.incrementAndGet() <= 3 ? 0x97 : 0);
        ReconnectingPublisher to = start(10);

        assertThat(CompletableFuture.allOf(publish(to, 0, 1))).succeedsWithin(Patience.LIMIT);

        assertThat(broker.payloads()).containsExactly("0", "0", "0", "0");
    }

    @Test
    void what_overtook_a_message_that_was_refused_for_the_moment_comes_again_behind_it() {
        AtomicInteger refusals = new AtomicInteger();
        broker.withholdPubacks(true);
        ReconnectingPublisher to = start(100);
        CompletableFuture<?>[] first = publish(to, 0, 10);
        await().until(() -> broker.published().size() == 10);
        broker.withholdPubacks(false);
        List<String> taken = new CopyOnWriteArrayList<>();
        broker.puback(p -> {
            if (p.payload().equals("3") && refusals.incrementAndGet() <= 3) {
                return 0x97;
            }
            taken.add(p.payload());
            return 0;
        });
        broker.cut();

        CompletableFuture<?>[] more = publish(to, 10, 20);
        assertThat(CompletableFuture.allOf(first)).succeedsWithin(Patience.LIMIT);
        assertThat(CompletableFuture.allOf(more)).succeedsWithin(Patience.LIMIT);

        assertThat(refusals).hasValue(4);
        assertThat(lastOfEach(taken)).containsExactlyElementsOf(numbers(0, 20));
        assertThat(to.pending()).isZero();
    }

    @Test
    void nothing_is_told_to_be_delivered_before_what_precedes_it_on_its_topic_and_other_topics_go_on() {
        broker.puback(p -> p.payload().equals("0") ? 0x97 : 0);
        ReconnectingPublisher to = start(100);

        CompletableFuture<?>[] held = publish(to, 0, 5);
        CompletableFuture<Void> other = to.publish("results/b", "other".getBytes(UTF_8), false);

        assertThat(other).succeedsWithin(Patience.LIMIT);
        await().until(() -> broker.payloads().stream().filter("0"::equals).count() >= 3);
        assertThat(held).noneMatch(CompletableFuture::isDone);
        assertThat(to.pending()).isEqualTo(5);
        broker.puback(p -> 0);
        assertThat(CompletableFuture.allOf(held)).succeedsWithin(Patience.LIMIT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x88, 0x89, 0x8B, 0x96, 0x97, 0x9F})
    void every_refusal_for_the_moment_is_tried_again(int code) {
        AtomicInteger seen = new AtomicInteger();
        broker.puback(p -> seen.incrementAndGet() <= 2 ? code : 0);
        ReconnectingPublisher to = start(10);

        assertThat(CompletableFuture.allOf(publish(to, 0, 1))).succeedsWithin(Patience.LIMIT);

        assertThat(broker.payloads()).containsExactly("0", "0", "0");
    }

    @Test
    void a_broker_that_withholds_acknowledgements_is_left_for_a_new_connection() {
        broker.withholdPubacks(true);
        publisher = ReconnectingPublisher.start(
                MqttTransport.paho(),
                MqttEndpoint.results(broker.uri(), "r1"),
                ReconnectingPublisher.Settings.withCapacity(100)
                        .withRetry(Duration.ofMillis(20), Duration.ofMillis(200))
                        .withAckTimeout(Duration.ofMillis(400)));
        CompletableFuture<?>[] all = publish(publisher, 0, 100);
        await().until(() -> broker.connects().size() >= 3);
        assertThat(all).noneMatch(CompletableFuture::isDone);
        assertThat(publisher.pending()).isEqualTo(100);

        broker.withholdPubacks(false);

        assertThat(CompletableFuture.allOf(all)).succeedsWithin(Patience.LIMIT);
        assertThat(lastOfEach(broker.payloads())).containsExactlyElementsOf(numbers(0, 100));
    }

    @Test
    void a_broker_that_forgets_one_acknowledgement_is_left_as_well() {
        broker.withholdPubacks(true);
        publisher = ReconnectingPublisher.start(
                MqttTransport.paho(),
                MqttEndpoint.results(broker.uri(), "r1"),
                ReconnectingPublisher.Settings.withCapacity(100).withAckTimeout(Duration.ofSeconds(1)));
        CompletableFuture<?>[] forgotten = publish(publisher, 0, 1);
        await().until(() -> broker.published().size() == 1);
        broker.withholdPubacks(false);
        ReconnectingPublisher to = publisher;

        await().until(() -> {
            assertThat(to.publish("results/other", "x".getBytes(UTF_8), false)).succeedsWithin(Patience.LIMIT);
            return forgotten[0].isDone();
        });

        assertThat(forgotten[0]).isNotCompletedExceptionally();
        assertThat(broker.connects()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void a_slow_line_costs_time_and_no_connection() {
        // Where the machine stands still for a second, leaving is right: once in a while it doesn't.
        for (int connections = 0, attempts = 1; connections != 1; attempts++) {
            assertThat(attempts).as("attempts").isLessThanOrEqualTo(10);
            connections = connectionsOverASlowLine();
        }
    }

    private int connectionsOverASlowLine() {
        int before = broker.connects().size();
        try (FaultProxy slow = FaultProxy.to(broker.port())) {
            slow.delay(Duration.ofMillis(50));
            broker.receiveMaximum(10);
            publisher = ReconnectingPublisher.start(
                    MqttTransport.paho(),
                    MqttEndpoint.results(URI.create("tcp://localhost:" + slow.port()), "r1"),
                    ReconnectingPublisher.Settings.withCapacity(200).withAckTimeout(Duration.ofSeconds(1)));

            // 200 in windows of 9, each for 100 ms there and back: far longer than the time-out, all in all.
            CompletableFuture<?>[] all = publish(publisher, 0, 200);

            assertThat(CompletableFuture.allOf(all)).succeedsWithin(Patience.LIMIT);
            publisher.close();
        }
        List<String> came = broker.published().stream()
                .filter(published -> published.connection() >= before)
                .map(Published::payload)
                .toList();
        assertThat(lastOfEach(came)).containsExactlyElementsOf(numbers(0, 200));
        int connections = broker.connects().size() - before;
        if (connections == 1) {
            assertThat(came).hasSize(200);
        }
        return connections;
    }

    @Test
    void a_broker_that_cuts_at_every_publish_is_not_run_against() {
        broker.puback(p -> {
            broker.cut();
            return 0;
        });
        ReconnectingPublisher to = start(10);
        long start = System.nanoTime();
        var unused = publish(to, 0, 1);

        await().until(() -> broker.connects().size() == 7);

        // Three short pauses, then the longest each time.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(3 * 200));
    }

    @Test
    void what_the_broker_refuses_for_good_fails_and_makes_room() {
        broker.puback(p -> p.payload().equals("1") ? 0x87 : 0);
        ReconnectingPublisher to = start(10);

        CompletableFuture<?>[] three = publish(to, 0, 3);

        assertThat(three[0]).succeedsWithin(Patience.LIMIT);
        assertThat(three[1])
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RefusedException.class);
        assertThat(three[2]).succeedsWithin(Patience.LIMIT);
        assertThat(to.pending()).isZero();
    }

    @Test
    void close_waits_for_the_outbox() {
        ReconnectingPublisher to = start(100, Patience.LIMIT);
        CompletableFuture<?>[] all = publish(to, 0, 100);

        to.close();

        assertThat(all).allMatch(one -> one.isDone() && !one.isCompletedExceptionally());
        assertThat(broker.payloads()).containsExactlyElementsOf(numbers(0, 100));
    }

    @Test
    void close_gives_up_and_says_so() {
        broker.withholdPubacks(true);
        ReconnectingPublisher to = start(10, SHORT);
        CompletableFuture<?>[] all = publish(to, 0, 2);

        to.close();

        assertThat(all).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(publish(to, 2, 3)[0]).isCompletedExceptionally();
    }

    /** One that doesn't wait for long at the end of the test. */
    private ReconnectingPublisher start(int capacity) {
        return start(capacity, SHORT);
    }

    private ReconnectingPublisher start(int capacity, Duration closeTimeout) {
        publisher = ReconnectingPublisher.start(
                MqttTransport.paho(),
                MqttEndpoint.results(broker.uri(), "r1"),
                ReconnectingPublisher.Settings.withCapacity(capacity)
                        .withRetry(Duration.ofMillis(20), Duration.ofMillis(200))
                        .withCloseTimeout(closeTimeout));
        return publisher;
    }

    private static CompletableFuture<?>[] publish(ReconnectingPublisher to, int from, int until) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = from; i < until; i++) {
            all.add(to.publish("results/a", String.valueOf(i).getBytes(UTF_8), false));
        }
        return all.toArray(CompletableFuture[]::new);
    }

    /** In the order in which each was taken for the last time. */
    private static List<String> lastOfEach(List<String> payloads) {
        LinkedHashSet<String> last = new LinkedHashSet<>();
        for (String payload : payloads) {
            last.remove(payload);
            last.add(payload);
        }
        return List.copyOf(last);
    }

    private static List<String> numbers(int from, int until) {
        return IntStream.range(from, until).mapToObj(String::valueOf).toList();
    }
}
