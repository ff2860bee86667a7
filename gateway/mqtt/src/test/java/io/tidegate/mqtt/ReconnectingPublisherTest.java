package io.tidegate.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.ScriptedBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconnectingPublisherTest {

    private static final Duration SOON = Duration.ofSeconds(20);

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

        assertThat(CompletableFuture.allOf(all)).succeedsWithin(SOON);
        assertThat(new LinkedHashSet<>(broker.payloads())).containsExactlyElementsOf(numbers(0, 300));
        assertThat(broker.published()).allMatch(p -> p.resolved().equals("results/a"));
    }

    @Test
    void what_is_published_while_the_broker_is_away_arrives_when_it_is_back() {
        int port = broker.port();
        ReconnectingPublisher to = start(1000);
        assertThat(CompletableFuture.allOf(publish(to, 0, 10))).succeedsWithin(SOON);
        broker.close();
        await().until(() -> !to.connected());

        CompletableFuture<?>[] away = publish(to, 10, 60);
        assertThat(to.pending()).isEqualTo(50);
        broker = ScriptedBroker.start(port);

        assertThat(CompletableFuture.allOf(away)).succeedsWithin(SOON);
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
        assertThat(fourth).succeedsWithin(SOON);
        await().untilAsserted(() ->
                assertThat(new LinkedHashSet<>(broker.payloads())).containsExactlyElementsOf(numbers(0, 4)));
    }

    @Test
    void a_full_quota_is_tried_again() {
        AtomicInteger seen = new AtomicInteger();
        broker.puback(p -> seen.incrementAndGet() <= 3 ? 0x97 : 0);
        ReconnectingPublisher to = start(10);

        assertThat(CompletableFuture.allOf(publish(to, 0, 1))).succeedsWithin(SOON);

        assertThat(broker.payloads()).containsExactly("0", "0", "0", "0");
    }

    @Test
    void what_the_broker_refuses_for_good_fails_and_makes_room() {
        broker.puback(p -> p.payload().equals("1") ? 0x87 : 0);
        ReconnectingPublisher to = start(10);

        CompletableFuture<?>[] three = publish(to, 0, 3);

        assertThat(three[0]).succeedsWithin(SOON);
        assertThat(three[1]).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(RefusedException.class);
        assertThat(three[2]).succeedsWithin(SOON);
        assertThat(to.pending()).isZero();
    }

    @Test
    void close_waits_for_the_outbox() {
        ReconnectingPublisher to = start(100);
        CompletableFuture<?>[] all = publish(to, 0, 100);

        to.close();

        assertThat(all).allMatch(one -> one.isDone() && !one.isCompletedExceptionally());
        assertThat(broker.payloads()).containsExactlyElementsOf(numbers(0, 100));
    }

    @Test
    void close_gives_up_in_time_and_says_so() {
        broker.withholdPubacks(true);
        ReconnectingPublisher to = start(10);
        CompletableFuture<?>[] all = publish(to, 0, 2);
        long start = System.nanoTime();

        to.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(all).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(publish(to, 2, 3)[0]).isCompletedExceptionally();
    }

    private ReconnectingPublisher start(int capacity) {
        publisher = ReconnectingPublisher.start(
                MqttTransport.paho(),
                MqttEndpoint.results(broker.uri(), "r1"),
                new ReconnectingPublisher.Settings(
                        capacity, Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(2)));
        return publisher;
    }

    private static CompletableFuture<?>[] publish(ReconnectingPublisher to, int from, int until) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = from; i < until; i++) {
            all.add(to.publish("results/a", String.valueOf(i).getBytes(UTF_8), false));
        }
        return all.toArray(CompletableFuture[]::new);
    }

    private static List<String> numbers(int from, int until) {
        return IntStream.range(from, until).mapToObj(String::valueOf).toList();
    }
}
