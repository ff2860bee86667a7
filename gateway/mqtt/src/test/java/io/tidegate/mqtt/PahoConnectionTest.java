package io.tidegate.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.ScriptedBroker;
import io.tidegate.harness.ScriptedBroker.Connect;
import io.tidegate.harness.ScriptedBroker.Published;
import io.tidegate.harness.ScriptedBroker.Subscribed;
import io.tidegate.junit.Patience;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PahoConnectionTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int ATTEMPTS = 10;

    private final ScriptedBroker broker = ScriptedBroker.start();
    private final Heard heard = new Heard();
    private final MqttTransport transport = MqttTransport.paho();
    private final List<MqttConnection> connections = new ArrayList<>();

    @AfterEach
    void end() {
        connections.forEach(MqttConnection::close);
        broker.close();
    }

    @Test
    void connects_with_all_that_keeps_a_session_and_bounds_what_is_sent() {
        connect(ingest().withKeepAlive(Duration.ofSeconds(20)));

        assertThat(broker.connects()).containsExactly(new Connect("g1", false, 20, 604_800, 512, 1 << 20, -1));
    }

    @Test
    void a_publisher_says_in_so_many_words_that_its_session_ends() {
        connect(MqttEndpoint.results(broker.uri(), "r1"));

        assertThat(broker.connects().get(0).cleanStart()).isTrue();
        assertThat(broker.connects().get(0).sessionExpiry()).isZero();
    }

    @Test
    void tells_whether_the_broker_kept_the_session() {
        MqttConnection first = connect(ingest());
        broker.sessionPresent(true);
        MqttConnection second = connect(ingest());

        assertThat(first.sessionPresent()).isFalse();
        assertThat(second.sessionPresent()).isTrue();
    }

    @Test
    void a_refused_connect_tells_the_reason_code() {
        broker.connack(0x86);

        CompletableFuture<MqttConnection> attempt = transport.connect(ingest(), heard);

        assertThat(refusal(attempt)).isEqualTo(0x86);
        assertThat(heard.losses).isEmpty();
    }

    @Test
    void a_connect_without_an_answer_is_given_up_and_its_socket_closed() {
        broker.withholdConnack();

        CompletableFuture<MqttConnection> attempt = transport.connect(ingest().withConnectTimeout(SHORT), heard);

        assertLost(attempt);
        await().untilAsserted(() -> assertThat(broker.open()).isZero());
        assertThat(heard.losses).isEmpty();
    }

    @Test
    void a_connect_to_nobody_fails() throws Exception {
        // Bound, and listens to nobody.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress("localhost", 0));
            URI nobody = URI.create("tcp://localhost:" + taken.getLocalPort());

            assertLost(transport.connect(MqttEndpoint.ingest(nobody, "g1").withConnectTimeout(Patience.LIMIT), heard))
                    .withMessageContaining("refused");
        }
    }

    @Test
    void subscribes_at_qos_1_and_asks_for_retained_messages_only_when_new() {
        MqttConnection connection = connect(ingest());

        assertThat(connection.subscribe(List.of("a/#", "$share/g/b/+"))).succeedsWithin(Patience.LIMIT);

        assertThat(broker.subscribed())
                .containsExactly(new Subscribed("a/#", 1, 1), new Subscribed("$share/g/b/+", 1, 1));
    }

    @Test
    void a_refused_filter_fails_the_subscription() {
        broker.suback(0x87);
        MqttConnection connection = connect(ingest());

        assertThat(refusal(connection.subscribe(List.of("a/#")))).isEqualTo(0x87);
    }

    @Test
    void a_broker_that_delivers_what_it_kept_before_it_answers_a_subscribe_is_waited_for() {
        untilNothingStoodStill(() -> {
            Heard listener = new Heard();
            MqttConnection connection = connectAtLast(ingest().withConnectTimeout(SECOND), listener);
            Runnable readAgain = stopReadingBehindOnePacket(connection, listener);

            CompletableFuture<Void> granted = connection.subscribe(List.of("a/#"));
            long longAfter = System.nanoTime() + SECOND.multipliedBy(2).toNanos();
            await().pollInterval(SECOND.dividedBy(20)).until(() -> {
                broker.deliver("a/1", "kept", 1, false, 2);
                return granted.isDone() || System.nanoTime() - longAfter > 0;
            });
            boolean waitedFor = !granted.isDone();
            readAgain.run();
            if (waitedFor) {
                assertThat(granted).succeedsWithin(Patience.LIMIT);
            }
            connection.close();
            return waitedFor;
        });
    }

    @Test
    void a_broker_that_neither_answers_a_subscribe_nor_delivers_is_given_up() {
        MqttConnection connection = connectAtLast(ingest().withConnectTimeout(SECOND), heard);
        Runnable readAgain = stopReadingBehindOnePacket(connection, heard);

        CompletableFuture<Void> granted = connection.subscribe(List.of("a/#"));

        assertLost(granted).withMessageContaining("no answer");
        readAgain.run();
    }

    /** The broker waits for one packet already when it is told to read no more: this gives it one. */
    private Runnable stopReadingBehindOnePacket(MqttConnection connection, Heard listener) {
        int acknowledgements = broker.acknowledgements();
        Runnable again = broker.stopReading();
        broker.deliver("a/1", "first", 1, false, 1);
        await().until(() -> listener.deliveries.size() == 1);
        connection.acknowledge(listener.deliveries.get(0));
        await().until(() -> broker.acknowledgements() == acknowledgements + 1);
        return again;
    }

    @Test
    void a_refused_publish_fails_though_paho_calls_it_a_success() {
        broker.puback(p -> p.payload().equals("1") ? 0x97 : 0);
        MqttConnection connection = connect(results());

        CompletableFuture<Void> refused = publish(connection, "a", 1);
        CompletableFuture<Void> taken = publish(connection, "a", 2);

        assertThat(refusal(refused)).isEqualTo(0x97);
        assertThat(taken).succeedsWithin(Patience.LIMIT);
    }

    @Test
    void acknowledges_only_what_it_is_told_to_and_in_that_order() {
        MqttConnection connection = connect(ingest());

        broker.deliver("t", "one", 1, false, 7);
        broker.deliver("t", "two", 1, true, 8);
        broker.deliver("t", "none", 0, false, 0);
        await().until(() -> heard.deliveries.size() == 3);
        assertThat(broker.acknowledged()).isEmpty();
        connection.acknowledge(heard.deliveries.get(1));
        connection.acknowledge(heard.deliveries.get(0));
        connection.acknowledge(heard.deliveries.get(2));

        await().until(() -> broker.acknowledged().size() == 2);
        assertThat(broker.acknowledged()).containsExactly(8, 7);
        assertThat(heard.deliveries.get(1).retained()).isTrue();
        assertThat(heard.deliveries.get(0).retained()).isFalse();
    }

    @Test
    void an_acknowledgement_of_an_older_connection_is_dropped() {
        MqttConnection older = connect(ingest());
        broker.deliver("t", "old", 1, false, 7);
        await().until(() -> heard.deliveries.size() == 1);
        older.close();
        MqttConnection newer = connect(ingest());
        broker.deliver("t", "new", 1, false, 8);
        await().until(() -> heard.deliveries.size() == 2);

        newer.acknowledge(heard.deliveries.get(0));
        older.acknowledge(heard.deliveries.get(0));
        newer.acknowledge(heard.deliveries.get(1));

        await().until(() -> !broker.acknowledged().isEmpty());
        assertThat(broker.acknowledged()).containsExactly(8);
    }

    @Test
    void keeps_fewer_publishes_under_way_than_the_broker_takes_and_their_order() {
        broker.receiveMaximum(5);
        broker.withholdPubacks(true);
        MqttConnection connection = connect(results());

        List<CompletableFuture<Void>> publishes = IntStream.range(0, 12)
                .mapToObj(i -> publish(connection, "a", i))
                .toList();

        await().until(() -> broker.published().size() == 4);
        await().during(Duration.ofMillis(300)).until(() -> broker.published().size() == 4);
        assertThat(broker.payloads()).containsExactly("0", "1", "2", "3");
        assertThat(publishes).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void a_window_that_moves_keeps_the_order_and_never_overflows() {
        broker.receiveMaximum(1);
        MqttConnection connection = connect(results());

        List<CompletableFuture<Void>> publishes = IntStream.range(0, 500)
                .mapToObj(i -> publish(connection, "a", i))
                .toList();

        assertThat(CompletableFuture.allOf(publishes.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Patience.LIMIT);
        assertThat(broker.payloads())
                .containsExactlyElementsOf(
                        IntStream.range(0, 500).mapToObj(String::valueOf).toList());
    }

    @Test
    void every_connection_starts_with_full_topics_though_the_broker_offers_aliases() {
        broker.topicAliasMaximum(10);
        for (int round = 0; round < 2; round++) {
            MqttConnection connection = connect(results());
            assertThat(publish(connection, "a/b", 1)).succeedsWithin(Patience.LIMIT);
            assertThat(publish(connection, "a/b", 2)).succeedsWithin(Patience.LIMIT);
            connection.close();
        }

        assertThat(broker.published()).extracting(Published::resolved).containsOnly("a/b");
        assertThat(broker.published().get(0).topic()).isEqualTo("a/b");
        assertThat(broker.published().get(2).topic()).isEqualTo("a/b");
    }

    @Test
    void a_take_over_is_told_once_with_its_code_and_fails_what_is_open() {
        broker.withholdPubacks(true);
        MqttConnection connection = connect(results());
        CompletableFuture<Void> open = publish(connection, "a", 1);
        await().until(() -> broker.published().size() == 1);

        broker.disconnect(0x8E);

        assertLost(open);
        await().until(() -> !heard.codes.isEmpty());
        await().during(Duration.ofMillis(300)).until(() -> heard.codes.size() == 1);
        assertThat(heard.codes).containsExactly(0x8E);
        assertThat(heard.losses).containsExactly("session taken over (0x8E)");
        assertThat(publish(connection, "a", 2)).isCompletedExceptionally();
    }

    @Test
    void a_cut_is_told_without_a_code() {
        connect(ingest());

        broker.cut();

        await().until(() -> heard.codes.size() == 1);
        assertThat(heard.codes).containsExactly(MqttListener.NO_REASON_CODE);
    }

    @Test
    void a_half_open_link_is_lost_when_a_ping_is_not_answered() {
        connect(ingest().withKeepAlive(SECOND));

        broker.fallSilent();

        await().until(() -> heard.codes.size() == 1);
        assertThat(heard.losses).singleElement().asString().contains("Timed out");
    }

    @Test
    void an_idle_link_stays_up_by_its_pings() {
        untilNothingStoodStill(() -> {
            Heard idle = new Heard();
            int pings = broker.pings();
            connect(ingest().withKeepAlive(SECOND), idle);

            await().until(() -> broker.pings() >= pings + 4 || !idle.losses.isEmpty());
            return idle.losses.isEmpty() && broker.open() == 1;
        });
    }

    @Test
    void a_listener_that_throws_loses_no_message_and_no_connection() {
        Heard later = new Heard();
        MqttListener throwing = new MqttListener() {
            @Override
            public void received(MqttConnection connection, MqttDelivery delivery) {
                if (delivery.packetId() == 1) {
                    throw new AssertionError("as told");
                }
                later.received(connection, delivery);
            }

            @Override
            public void lost(String reason, int reasonCode) {
                later.lost(reason, reasonCode);
            }
        };
        connect(ingest(), throwing);

        broker.deliver("t", "poison", 1, false, 1);
        broker.deliver("t", "next", 1, false, 2);

        await().until(() -> later.deliveries.size() == 1);
        assertThat(later.payloads()).containsExactly("next");
        assertThat(broker.acknowledged()).isEmpty();
        assertThat(later.losses).isEmpty();
    }

    @Test
    void a_callback_that_is_busy_when_the_link_drops_does_not_hold_up_the_next_connection() {
        CountDownLatch release = new CountDownLatch(1);
        Heard later = new Heard();
        connect(ingest(), new MqttListener() {
            @Override
            public void received(MqttConnection connection, MqttDelivery delivery) {
                awaitQuietly(release);
            }

            @Override
            public void lost(String reason, int reasonCode) {
                later.lost(reason, reasonCode);
            }
        });
        broker.deliver("t", "slow", 1, false, 1);
        broker.cut();
        await().until(() -> later.losses.size() == 1);

        connect(ingest());
        broker.deliver("t", "new", 1, false, 1);

        await().until(() -> heard.payloads().equals(List.of("new")));
        release.countDown();
    }

    @Test
    void close_says_goodbye_once_tells_nobody_and_fails_what_is_open() {
        broker.withholdPubacks(true);
        untilNothingStoodStill(() -> {
            MqttConnection connection = connect(results());
            CompletableFuture<Void> open = publish(connection, "a", 1);

            connection.close();
            connection.close();

            assertThat(open).isCompletedExceptionally();
            return saidGoodbye();
        });
    }

    @Test
    void a_callback_may_close_its_connection() {
        MqttListener closing = new MqttListener() {
            @Override
            public void received(MqttConnection connection, MqttDelivery delivery) {
                connection.close();
            }

            @Override
            public void lost(String reason, int reasonCode) {
                heard.lost(reason, reasonCode);
            }
        };
        untilNothingStoodStill(() -> {
            connect(ingest(), closing);

            broker.deliver("t", "last", 1, false, 1);

            return saidGoodbye();
        });
    }

    /** The newest connection; a goodbye that does not leave within a moment is not waited for. */
    private boolean saidGoodbye() {
        await().until(() -> broker.open() == 0);
        assertThat(broker.goodbyes()).doesNotHaveDuplicates();
        assertThat(heard.losses).isEmpty();
        return broker.goodbyes().contains(broker.connects().size() - 1);
    }

    @Test
    void a_publish_that_the_broker_could_only_answer_by_cutting_is_refused_before_it_is_sent() {
        broker.maximumPacket(100);
        MqttConnection connection = connect(results());

        CompletableFuture<Void> large = connection.publish("a", new byte[100], false);
        CompletableFuture<Void> wild = publish(connection, "a/#", 1);
        CompletableFuture<Void> right = publish(connection, "a", 2);

        assertThat(refusal(large)).isEqualTo(0x95);
        assertThat(refusal(wild)).isEqualTo(0x90);
        assertThat(right).succeedsWithin(Patience.LIMIT);
        assertThat(broker.payloads()).containsExactly("2");
    }

    @Test
    void every_socket_goes_out_without_delay() throws Exception {
        for (String scheme : List.of("tcp", "ssl")) {
            MqttSocket wire = new MqttSocket(MqttEndpoint.ingest(URI.create(scheme + "://localhost:1"), "delay"));
            assertThat(wire.isWithoutDelay()).isTrue();
            wire.cut();
        }
    }

    @Test
    void a_port_that_hangs_up_at_once_or_speaks_another_protocol_leaves_no_thread_behind() throws Exception {
        try (ServerSocket stranger = new ServerSocket(0)) {
            CompletableFuture<Void> rude = CompletableFuture.runAsync(() -> greetAndHangUp(stranger));
            URI address = URI.create("tcp://localhost:" + stranger.getLocalPort());
            for (int i = 0; i < 6; i++) {
                MqttEndpoint endpoint =
                        MqttEndpoint.ingest(address, "stranger" + i).withConnectTimeout(Patience.LIMIT);
                assertLost(transport.connect(endpoint, heard)).withMessageNotContaining("no answer");
            }
            await().untilAsserted(() -> assertThat(threads()).noneMatch(name -> name.contains("stranger")));
            stranger.close();
            assertThat(rude).succeedsWithin(Patience.LIMIT);
        }
        assertThat(heard.losses).isEmpty();
    }

    @Test
    void connections_of_every_end_leave_no_thread_behind() {
        for (int round = 0; round < 6; round++) {
            MqttConnection connection = connect(ingest("round-" + round));
            int losses = heard.losses.size();
            switch (round % 3) {
                case 0 -> connection.close();
                case 1 -> broker.cut();
                default -> broker.disconnect(0x8B);
            }
            int expected = round % 3 == 0 ? losses : losses + 1;
            await().until(() -> heard.losses.size() == expected);
        }
        broker.withholdConnack();
        assertLost(transport.connect(ingest("round-6").withConnectTimeout(SHORT), heard));

        await().untilAsserted(() -> assertThat(threads()).noneMatch(name -> name.contains("round-")));
    }

    private MqttEndpoint ingest() {
        return ingest("g1");
    }

    private MqttEndpoint ingest(String clientId) {
        return MqttEndpoint.ingest(broker.uri(), clientId).withConnectTimeout(Patience.LIMIT);
    }

    private MqttEndpoint results() {
        return MqttEndpoint.results(broker.uri(), "r1")
                .withCredentials(Optional.of("u"), Optional.of("p"))
                .withConnectTimeout(Patience.LIMIT);
    }

    private MqttConnection connect(MqttEndpoint endpoint) {
        return connect(endpoint, heard);
    }

    private MqttConnection connect(MqttEndpoint endpoint, MqttListener listener) {
        MqttConnection connection = transport.connect(endpoint, listener).join();
        connections.add(connection);
        return connection;
    }

    /** As often as a time-out strikes that is small for the sake of the test. */
    private MqttConnection connectAtLast(MqttEndpoint endpoint, MqttListener listener) {
        return await().ignoreException(CompletionException.class)
                .until(() -> connect(endpoint, listener), Objects::nonNull);
    }

    /**
     * Tries what a small time-out would end rightly if the machine stood still meanwhile: one attempt in which it didn't
     * must have gone well.
     */
    private static void untilNothingStoodStill(BooleanSupplier attempt) {
        int attempts = 1;
        while (!attempt.getAsBoolean()) {
            attempts++;
            assertThat(attempts).as("attempts").isLessThanOrEqualTo(ATTEMPTS);
        }
    }

    private static ThrowableAssertAlternative<?> assertLost(CompletableFuture<?> future) {
        return assertThat(future)
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(ConnectionLostException.class);
    }

    private static CompletableFuture<Void> publish(MqttConnection connection, String topic, int payload) {
        return connection.publish(topic, String.valueOf(payload).getBytes(UTF_8), false);
    }

    private static int refusal(CompletableFuture<?> future) {
        return future.<Integer>handle(
                        (value, failure) -> failure instanceof RefusedException refused ? refused.reasonCode() : -1)
                .orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private static void greetAndHangUp(ServerSocket server) {
        try {
            for (int i = 0; ; i++) {
                try (Socket client = server.accept()) {
                    if (i % 2 == 1) {
                        client.getOutputStream()
                                .write("SSH-2.0-OpenSSH_9.9 and so on and on and on\r\n".getBytes(UTF_8));
                    }
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
