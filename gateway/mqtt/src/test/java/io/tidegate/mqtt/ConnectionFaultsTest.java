package io.tidegate.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.ScriptedBroker;
import java.io.File;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * M4, M6 and M10 of the fault catalogue, for single connections: over real sockets, and what they cost is counted in
 * threads and descriptors of this process.
 */
class ConnectionFaultsTest {

    private static final int CONNECTIONS = 20;

    private final ScriptedBroker broker = ScriptedBroker.start();
    private final FaultProxy proxy = FaultProxy.to(broker.port());
    private final MqttTransport transport = MqttTransport.paho();

    @AfterEach
    void end() {
        Awaitility.reset();
        proxy.close();
        broker.close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void
            fifty_times_cut_while_the_hand_off_is_busy_the_next_connection_is_there_in_two_seconds_and_no_thread_is_left() {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        int before = tasks();
        for (int round = 0; round < 50; round++) {
            Busy busy = new Busy();
            connect("busy", busy);
            broker.deliver("t", "held", 1, false, 1);
            await().until(() -> busy.entered.getCount() == 0);
            broker.cut();
            await().atMost(Duration.ofSeconds(2)).until(() -> busy.heard.losses.size() == 1);

            Heard next = new Heard();
            connect("busy", next);
            broker.deliver("t", "new", 1, false, 1);
            await().atMost(Duration.ofSeconds(2)).until(() -> next.payloads().equals(List.of("new")));
            busy.release.countDown();
        }
        broker.cut();

        // Workers end when they are idle for 5 s; what a JVM starts for itself is few.
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(threads()).noneMatch(name -> name.contains("busy"));
            assertThat(tasks()).isLessThan(before + CONNECTIONS);
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void half_open_links_are_given_up_within_two_and_a_half_keep_alives_and_leave_nothing_behind() {
        int tasks = tasks();
        int descriptors = descriptors();
        List<Heard> heard = IntStream.range(0, CONNECTIONS)
                .mapToObj(i -> {
                    Heard one = new Heard();
                    connect("half-" + i, one);
                    return one;
                })
                .toList();
        await().until(() -> broker.pings() >= CONNECTIONS);
        assertThat(heard).allMatch(one -> one.losses.isEmpty());

        proxy.halfOpen();

        await().atMost(Duration.ofSeconds(5)).until(() -> heard.stream().allMatch(one -> one.losses.size() == 1));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(threads()).noneMatch(name -> name.contains("half-"));
            assertThat(proxy.open()).isZero();
            assertThat(tasks()).isLessThan(tasks + CONNECTIONS);
            assertThat(descriptors()).isLessThan(descriptors + CONNECTIONS);
        });
    }

    /** As a mosquitto does that is kept busy by publishers. */
    @Test
    void a_broker_that_sends_and_reads_no_acknowledgements_gets_them_all_in_their_order_when_it_does() {
        // More than the kernel holds.
        int[] ids = IntStream.range(0, 2_000_000).map(i -> i % 65_535 + 1).toArray();
        MqttEndpoint direct = MqttEndpoint.ingest(broker.uri(), "unread");
        var unused = transport
                .connect(direct, new Eager())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();

        Runnable readAgain = broker.stopReading();
        Thread sending = new Thread(() -> broker.deliver("t", "", ids), "sending");
        sending.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> waitsForTheSocket("tidegate-mqtt-worker"));
        readAgain.run();

        await().atMost(Duration.ofSeconds(60)).until(() -> broker.acknowledgements() == ids.length);
        assertThat(broker.acknowledged()).isEqualTo(IntStream.of(ids).boxed().toList());
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

        await().atMost(Duration.ofSeconds(5)).until(() -> heard.losses.size() == 1);
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

        await().atMost(Duration.ofSeconds(5)).until(() -> heard.losses.size() == 1);
        assertThat(heard.losses.get(0)).contains("bytes (expected: at most 1048576)");
        assertThat(heard.deliveries).isEmpty();
    }

    private MqttConnection connect(String clientId, MqttListener listener) {
        MqttEndpoint endpoint = MqttEndpoint.ingest(URI.create("tcp://localhost:" + proxy.port()), clientId)
                .withKeepAlive(Duration.ofSeconds(2));
        return transport
                .connect(endpoint, listener)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static boolean waitsForTheSocket(String thread) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().startsWith(thread))
                .map(entry -> List.of(entry.getValue()))
                .anyMatch(stack ->
                        stack.stream().anyMatch(frame -> frame.getClassName().equals(Outgoing.class.getName()))
                                && stack.get(0).getMethodName().equals("poll"));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private static int tasks() {
        return entries("/proc/self/task");
    }

    private static int descriptors() {
        return entries("/proc/self/fd");
    }

    private static int entries(String folder) {
        String[] names = new File(folder).list();
        return names == null ? 0 : names.length;
    }

    /** Acknowledges at once. */
    private static final class Eager implements MqttListener {
        @Override
        public void received(MqttConnection connection, MqttDelivery delivery) {
            connection.acknowledge(delivery);
        }

        @Override
        public void lost(String reason, int reasonCode) {
            throw new AssertionError(reason);
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
