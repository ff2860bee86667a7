package io.tidegate.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.junit.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What leaves with which call; nothing that was written may stay behind, and nothing may wait without bound. */
class OutboundStreamTest {

    private static final int RECEIVE_MAXIMUM = 20;
    private static final long RECEIVE_MAXIMUM_BYTES = 1_000;
    private static final int PUBLISH = 0x32;
    private static final int DISCONNECT = 0xE0;
    private static final byte[] PINGREQ = {(byte) 0xC0, 0};

    private final List<byte[]> calls = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final OutboundStream outgoing =
            new OutboundStream(new Calls(), tasks::add, RECEIVE_MAXIMUM, RECEIVE_MAXIMUM_BYTES);

    @Test
    void acknowledgements_that_come_together_leave_together() {
        outgoing.acknowledge(each(1, 2, 65_535));
        outgoing.acknowledge(each(7));
        work();

        assertThat(calls).containsExactly(pubacks(1, 2, 65_535, 7));
    }

    @Test
    void one_alone_leaves_at_once_and_needs_no_other() {
        outgoing.acknowledge(each(1));
        work();
        outgoing.acknowledge(each(2));
        work();

        assertThat(calls).containsExactly(pubacks(1), pubacks(2));
    }

    @Test
    void nothing_to_acknowledge_wakes_nobody() {
        outgoing.acknowledge(each());

        assertThat(tasks).isEmpty();
    }

    @Test
    void one_call_takes_so_many_at_most_and_all_leave_in_their_order() {
        int[] ids = IntStream.range(0, 10 * OutboundStream.AT_ONCE + 1)
                .map(i -> i % 65_535 + 1)
                .toArray();
        outgoing.acknowledge(each(ids));
        work();

        assertThat(calls).hasSize(11).allMatch(call -> call.length <= 4 * OutboundStream.AT_ONCE);
        assertThat(joined(calls)).isEqualTo(pubacks(ids));
    }

    @Test
    void acknowledgements_never_get_into_another_packet() throws IOException {
        byte[] publish = new byte[20_000];
        publish[0] = 0x32;
        outgoing.write(publish, 0, 9_000);
        outgoing.acknowledge(each(1));
        work();
        outgoing.write(publish, 9_000, 11_000);
        outgoing.flush();
        outgoing.flush();
        work();

        assertThat(calls).containsExactly(pubacks(1), publish);
    }

    @Test
    void publishes_that_come_together_leave_together() throws IOException {
        send(PUBLISH, 100);
        send(PUBLISH, 50);
        outgoing.acknowledge(each(1));
        work();
        send(PUBLISH, 10);
        work();

        assertThat(calls)
                .containsExactly(
                        joined(List.of(pubacks(1), packet(PUBLISH, 100), packet(PUBLISH, 50))), packet(PUBLISH, 10));
    }

    @Test
    void of_publishes_that_the_socket_does_not_take_so_many_bytes_wait_and_then_the_sender() throws Exception {
        send(PUBLISH, OutboundStream.MOST_GATHERED - 10);
        send(PUBLISH, 10);
        Thread sender = new Thread(() -> assertThatCode(() -> send(PUBLISH, 2)).doesNotThrowAnyException());
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);

        work();
        sender.join();
        work();
        assertThat(calls).extracting(call -> call.length).containsExactly(OutboundStream.MOST_GATHERED, 2);
    }

    @Test
    void a_disconnect_has_left_when_its_flush_returns_with_all_that_came_before() throws Exception {
        send(PUBLISH, 100);
        Thread sender =
                new Thread(() -> assertThatCode(() -> send(DISCONNECT, 2)).doesNotThrowAnyException());
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);
        assertThat(calls).isEmpty();

        work();
        sender.join();
        assertThat(calls).containsExactly(joined(List.of(packet(PUBLISH, 100), packet(DISCONNECT, 2))));
    }

    @Test
    void after_the_end_a_packet_is_refused() {
        outgoing.abandon();

        assertThatThrownBy(() -> send(PUBLISH, 10)).isInstanceOf(IOException.class);
    }

    @Test
    void a_ping_leaves_in_front_of_acknowledgements_that_wait_and_alone_when_none_do() {
        outgoing.acknowledge(each(1));
        outgoing.ping();
        work();
        outgoing.ping();
        work();

        assertThat(calls).containsExactly(joined(List.of(PINGREQ, pubacks(1))), PINGREQ);
    }

    @Test
    void after_the_end_nothing_leaves_and_nobody_waits() {
        outgoing.acknowledge(each(1, 2, 3));
        outgoing.abandon();
        outgoing.acknowledge(each(1));
        outgoing.ping();
        work();

        assertThat(outgoing.awaitTurn(1)).as("a delivery has its turn").isFalse();
        outgoing.awaitWritten(Duration.ofDays(1));
        assertThat(calls).isEmpty();
    }

    @Test
    void a_broken_socket_lets_everybody_go() {
        OutboundStream broken = new OutboundStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken");
                    }
                },
                tasks::add,
                1,
                RECEIVE_MAXIMUM_BYTES);
        assertThat(broken.awaitTurn(1)).isTrue();
        broken.acknowledge(each(1));
        work();

        assertThat(broken.awaitTurn(1)).as("another delivery has its turn").isFalse();
        broken.awaitWritten(Duration.ofDays(1));
    }

    @Test
    void what_is_acknowledged_and_not_written_still_counts_against_receive_maximum() {
        Semaphore taken = new Semaphore(0);
        OutboundStream slow = new OutboundStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new AssertionError("byte by byte");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        taken.acquireUninterruptibly();
                    }
                },
                task -> new Thread(task, "writer").start(),
                RECEIVE_MAXIMUM,
                RECEIVE_MAXIMUM_BYTES);
        for (int id = 1; id <= RECEIVE_MAXIMUM; id++) {
            assertThat(slow.awaitTurn(1)).isTrue();
        }
        slow.acknowledge(each(IntStream.rangeClosed(1, RECEIVE_MAXIMUM).toArray()));
        Thread reader = new Thread(() -> slow.awaitTurn(1), "reader");
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING);

        assertThat(slow.isHolding()).isTrue();
        assertThat(slow.stuckNanos()).isPositive();
        taken.release(Integer.MAX_VALUE);
        await().until(() -> !reader.isAlive());
        slow.awaitWritten(Patience.LIMIT);
        assertThat(slow.isHolding()).isFalse();
        assertThat(slow.stuckNanos()).isZero();
    }

    @Test
    void so_many_bytes_that_are_not_acknowledged_make_the_reader_wait_too() {
        assertThat(outgoing.awaitTurn(999)).isTrue();
        assertThat(outgoing.awaitTurn(500)).isTrue();
        Thread reader = new Thread(() -> outgoing.awaitTurn(1), "reader");
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING);

        outgoing.acknowledge(List.of(new OutboundStream.Acknowledgement(1, 500)));
        work();
        await().until(() -> !reader.isAlive());
        assertThat(outgoing.isHolding()).isFalse();
    }

    /** As Paho does it: byte by byte or in pieces, and a flush behind each packet. */
    private void send(int type, int length) throws IOException {
        byte[] packet = packet(type, length);
        outgoing.write(packet[0]);
        outgoing.write(packet, 1, length - 1);
        outgoing.flush();
    }

    private static byte[] packet(int type, int length) {
        byte[] packet = new byte[length];
        packet[0] = (byte) type;
        return packet;
    }

    private static List<OutboundStream.Acknowledgement> each(int... packetIds) {
        return IntStream.of(packetIds)
                .mapToObj(id -> new OutboundStream.Acknowledgement(id, 1))
                .toList();
    }

    private void work() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static byte[] pubacks(int... ids) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int id : ids) {
            all.writeBytes(new byte[] {0x40, 2, (byte) (id >> 8), (byte) id});
        }
        return all.toByteArray();
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private final class Calls extends OutputStream {
        @Override
        public void write(int b) {
            throw new AssertionError("byte by byte");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            calls.add(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }
}
