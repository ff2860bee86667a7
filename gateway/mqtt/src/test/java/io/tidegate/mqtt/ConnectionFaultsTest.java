package io.tidegate.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.ScriptedBroker;
import io.tidegate.junit.Patience;
import java.io.File;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * M4, M6 and M10 of the fault catalogue, for single connections: over real sockets, and what they cost is counted in
 * threads and descriptors of this process.
 */
class ConnectionFaultsTest {

    private static final int ROUNDS = 10;
    private static final int CONNECTIONS = 20;

    private final ScriptedBroker broker = ScriptedBroker.start();
    private final FaultProxy proxy = FaultProxy.to(broker.port());
    private final MqttTransport transport = MqttTransport.paho();
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

    @AfterEach
    void end() {
        proxy.close();
        broker.close();
    }

    @Test
    void cut_while_the_hand_off_is_busy_the_next_connection_does_not_wait_for_it_and_no_thread_is_left() {
        for (int round = 0; round < ROUNDS; round++) {
            Busy busy = new Busy();
            connect("busy", busy);
            broker.deliver("t", "held", 1, false, 1);
            soon().until(() -> busy.entered.getCount() == 0);
            broker.cut();
            soon().until(() -> busy.heard.losses.size() == 1);

            Heard next = new Heard();
            connect("busy", next);
            broker.deliver("t", "new", 1, false, 1);
            soon().until(() -> next.payloads().equals(List.of("new")));
            busy.release.countDown();
        }
        broker.cut();

        await().untilAsserted(() ->
                assertThat(started()).noneMatch(name -> name.contains("busy")).hasSizeLessThan(ROUNDS));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void half_open_links_are_given_up_for_their_silence_and_leave_nothing_behind() {
        int descriptors = descriptors();
        List<Heard> heard = IntStream.range(0, CONNECTIONS)
                .mapToObj(i -> {
                    Heard one = new Heard();
                    connect(endpoint("half-" + i).withKeepAlive(Duration.ofSeconds(1)), one);
                    return one;
                })
                .toList();
        await().until(() -> broker.pings() >= CONNECTIONS);

        proxy.halfOpen();

        await().until(() -> heard.stream().allMatch(one -> one.losses.size() == 1));
        assertThat(heard).allMatch(one -> one.losses.get(0).contains("Timed out"));
        await().untilAsserted(() -> {
            assertThat(proxy.open()).isZero();
            assertThat(started()).noneMatch(name -> name.contains("half-")).hasSizeLessThan(CONNECTIONS);
            assertThat(descriptors()).isLessThan(descriptors + CONNECTIONS);
        });
    }

    /** As a mosquitto does that is kept busy by publishers, and keeps no receive-maximum. */
    @Test
    void a_broker_that_sends_and_reads_no_acknowledgements_is_held_back_and_gets_them_all_in_their_order() {
        Eager eager = new Eager();
        connect(MqttEndpoint.ingest(broker.uri(), "unread").withKeepAlive(Duration.ofHours(1)), eager);
        Runnable readAgain = broker.stopReading();
        Publisher publisher = new Publisher(eager);
        publisher.start();

        await().until(() -> waits("tidegate-mqtt-worker", OutboundStream.class, "poll")
                && waits("MQTT Call: unread", OutboundStream.class, "wait"));
        publisher.awaitsDelivery = false;
        eager.delivered.release(Publisher.AT_ONCE);
        await().until(() -> waits("publisher", Publisher.class, "poll", "write0")
                && waits("tidegate-mqtt-worker", OutboundStream.class, "poll")
                && waits("MQTT Call: unread", OutboundStream.class, "wait"));
        publisher.isLast = true;
        readAgain.run();

        await().until(() -> !publisher.isAlive() && broker.acknowledgements() >= publisher.sent.size());
        assertThat(broker.acknowledged()).isEqualTo(publisher.sent);
        assertThat(eager.losses).isEmpty();
    }

    @Test
    void a_connection_stays_up_while_nothing_is_acknowledged_and_a_broker_sends_more_than_it_may() {
        Heard heard = new Heard();
        MqttEndpoint endpoint = MqttEndpoint.ingest(broker.uri(), "stalled").withKeepAlive(Duration.ofSeconds(1));
        MqttConnection connection = connect(endpoint, heard);
        int sent = endpoint.limits().receiveMaximum() + 5_000;

        broker.deliver("t", "x".repeat(100), IntStream.rangeClosed(1, sent).toArray());
        await().until(() -> heard.deliveries.size() == endpoint.limits().receiveMaximum());
        int pings = broker.pings();
        await().until(() -> broker.pings() >= pings + 6);
        assertThat(heard.losses).isEmpty();
        assertThat(heard.deliveries).hasSize(endpoint.limits().receiveMaximum());

        AtomicInteger acknowledged = new AtomicInteger();
        await().until(() -> {
            List<MqttDelivery> all = List.copyOf(heard.deliveries);
            connection.acknowledge(all.subList(acknowledged.getAndSet(all.size()), all.size()));
            return broker.acknowledgements() == sent;
        });
        assertThat(heard.losses).isEmpty();
    }

    /** Such as a gateway that starts with its log full, and a broker that kept much for it. */
    @Test
    void an_answer_to_a_subscription_is_waited_for_while_what_stands_before_it_is_not_read() {
        Heard heard = new Heard();
        MqttEndpoint endpoint = MqttEndpoint.ingest(broker.uri(), "behind").withKeepAlive(Duration.ofSeconds(1));
        MqttConnection connection = transport
                .connect(endpoint.withReceiveMaximum(5).withConnectTimeout(Duration.ofSeconds(1)), heard)
                .join();
        // More than what is read ahead of the one that has to wait.
        int sent = 500;
        broker.deliver("t", "x".repeat(100), IntStream.rangeClosed(1, sent).toArray());
        await().until(() -> heard.deliveries.size() == 5);

        CompletableFuture<Void> subscribed = connection.subscribe(List.of("t"));
        int pings = broker.pings();
        await().until(() -> broker.pings() >= pings + 6);
        assertThat(subscribed).isNotDone();

        AtomicInteger acknowledged = new AtomicInteger();
        soon().until(() -> {
            List<MqttDelivery> all = List.copyOf(heard.deliveries);
            connection.acknowledge(all.subList(acknowledged.getAndSet(all.size()), all.size()));
            return subscribed.isDone();
        });
        assertThat(subscribed).isCompleted();
        assertThat(heard.losses).isEmpty();
    }

    @Test
    void a_broker_that_takes_nothing_for_longer_than_the_keep_alive_is_given_up() {
        Eager eager = new Eager();
        connect(MqttEndpoint.ingest(broker.uri(), "stuck").withKeepAlive(Duration.ofSeconds(3)), eager);
        Runnable readAgain = broker.stopReading();
        Publisher publisher = new Publisher(eager);
        publisher.start();

        await().until(() -> !eager.losses.isEmpty());
        publisher.isLast = true;
        publisher.interrupt();
        readAgain.run();

        assertThat(eager.losses).singleElement().asString().contains("has taken nothing");
        await().until(() -> !publisher.isAlive());
    }

    @Test
    void a_delivery_says_whether_the_broker_may_have_sent_it_before() {
        Heard heard = new Heard();
        connect(MqttEndpoint.ingest(broker.uri(), "again"), heard);

        broker.deliver("t", "first", 1, false, 1);
        broker.deliverAgain("t", "second", 2);
        broker.deliver("t", "third", 0, false, 0);
        broker.deliverAgain("t", "fourth", 3);

        await().until(() -> heard.deliveries.size() == 4);
        assertThat(heard.deliveries).extracting(MqttDelivery::duplicate).containsExactly(false, true, false, true);
    }

    /**
     * Sends on, whatever is acknowledged, until it is told that this is the last. At first it waits until what it has sent
     * was delivered: where both sides of a connection are full at once, a kernel that has dropped a segment for want of
     * memory also refuses what says that there is room again, and nothing moves until the broker reads.
     */
    private final class Publisher extends Thread {
        /** Few, so that there is no long silence between them on a machine that is busy. */
        private static final int AT_ONCE = 1_000;

        private final Eager listener;
        private final List<Integer> sent = new ArrayList<>();
        private volatile boolean awaitsDelivery = true;
        private volatile boolean isLast;

        private Publisher(Eager listener) {
            super("publisher");
            this.listener = listener;
        }

        @Override
        public void run() {
            try {
                while (!isLast) {
                    int[] ids = IntStream.range(sent.size(), sent.size() + AT_ONCE)
                            .map(i -> i % 65_535 + 1)
                            .toArray();
                    broker.deliver("t", "", ids);
                    IntStream.of(ids).forEach(sent::add);
                    if (awaitsDelivery) {
                        listener.delivered.acquire(AT_ONCE);
                    }
                }
            } catch (UncheckedIOException | InterruptedException e) {
                // The connection is gone.
            }
        }
    }

    @Test
    void a_header_that_announces_268_MB_costs_the_connection_and_no_memory() {
        Heard heard = new Heard();
        MqttConnection connection = connect("bomb", heard);
        broker.deliver("t", "before", 1, false, 1);
        await().until(() -> heard.deliveries.size() == 1);
        connection.acknowledge(heard.deliveries.get(0));
        await().until(() -> broker.acknowledged().size() == 1);

        broker.announce(268_435_455);

        await().until(() -> heard.losses.size() == 1);
        assertThat(heard.losses.get(0)).contains("a packet of 268435460 bytes (expected: at most 1048576)");
        Heard next = new Heard();
        connect("bomb", next);
        broker.deliver("t", "after", 1, false, 2);
        await().until(() -> next.payloads().equals(List.of("after")));
    }

    @Test
    void a_publish_of_10_MB_costs_the_connection_where_1_MB_is_the_limit() {
        Heard heard = new Heard();
        connect("large", heard);

        // The broker may still be writing when it is cut off.
        var unused = catchThrowable(() -> broker.deliver("t", "x".repeat(10 << 20), 1, false, 1));

        await().until(() -> heard.losses.size() == 1);
        assertThat(heard.losses.get(0)).contains("bytes (expected: at most 1048576)");
        assertThat(heard.deliveries).isEmpty();
    }

    /** For what happens in each round. */
    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(10));
    }

    private MqttEndpoint endpoint(String clientId) {
        return MqttEndpoint.ingest(URI.create("tcp://localhost:" + proxy.port()), clientId);
    }

    private MqttConnection connect(String clientId, MqttListener listener) {
        return connect(endpoint(clientId), listener);
    }

    private MqttConnection connect(MqttEndpoint endpoint, MqttListener listener) {
        return transport
                .connect(endpoint.withConnectTimeout(Patience.LIMIT), listener)
                .join();
    }

    /** Whether a thread stands in a method of the JDK that a class of ours, or of this test, has called. */
    private static boolean waits(String thread, Class<?> caller, String... methods) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().startsWith(thread))
                .map(entry -> List.of(entry.getValue()))
                .anyMatch(stack ->
                        stack.stream().anyMatch(frame -> frame.getClassName().equals(caller.getName()))
                                && List.of(methods).contains(stack.get(0).getMethodName()));
    }

    /** The threads that this test has started and that run on. */
    private List<String> started() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .toList();
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    /** Acknowledges at once. */
    private static final class Eager implements MqttListener {
        private final Semaphore delivered = new Semaphore(0);
        private final List<String> losses = new CopyOnWriteArrayList<>();

        @Override
        public void received(MqttConnection connection, MqttDelivery delivery) {
            connection.acknowledge(delivery);
            delivered.release();
        }

        @Override
        public void lost(String reason, int reasonCode) {
            losses.add(reason);
        }
    }

    /** A listener that breaks its contract: it blocks. */
    private static final class Busy implements MqttListener {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final Heard heard = new Heard();

        @Override
        public void received(MqttConnection connection, MqttDelivery delivery) {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void lost(String reason, int reasonCode) {
            heard.lost(reason, reasonCode);
        }
    }
}
