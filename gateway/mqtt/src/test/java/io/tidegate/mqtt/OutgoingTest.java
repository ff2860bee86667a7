package io.tidegate.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What leaves with which call; nothing that was written may stay behind, and nothing may wait without bound. */
class OutgoingTest {

    private static final byte[] PINGREQ = {(byte) 0xC0, 0};

    private final List<byte[]> calls = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Outgoing outgoing = new Outgoing(new Calls(), tasks::add);

    @Test
    void acknowledgements_that_come_together_leave_together() {
        outgoing.acknowledge(1, 2, 65_535);
        outgoing.acknowledge(7);
        work();

        assertThat(calls).containsExactly(pubacks(1, 2, 65_535, 7));
    }

    @Test
    void one_alone_leaves_at_once_and_needs_no_other() {
        outgoing.acknowledge(1);
        work();
        outgoing.acknowledge(2);
        work();

        assertThat(calls).containsExactly(pubacks(1), pubacks(2));
    }

    @Test
    void nothing_to_acknowledge_wakes_nobody() {
        outgoing.acknowledge();

        assertThat(tasks).isEmpty();
    }

    @Test
    void one_call_takes_so_many_at_most_and_all_leave_in_their_order() {
        int[] ids = IntStream.range(0, 10 * Outgoing.AT_ONCE + 1)
                .map(i -> i % 65_535 + 1)
                .toArray();
        outgoing.acknowledge(ids);
        work();

        assertThat(calls).hasSize(11).allMatch(call -> call.length <= 4 * Outgoing.AT_ONCE);
        assertThat(joined(calls)).isEqualTo(pubacks(ids));
    }

    @Test
    void acknowledgements_never_get_into_another_packet() throws IOException {
        byte[] publish = new byte[20_000];
        publish[0] = 0x32;
        outgoing.write(publish, 0, 9_000);
        outgoing.acknowledge(1);
        work();
        outgoing.write(publish, 9_000, 11_000);
        outgoing.flush();
        outgoing.write(PINGREQ[0]);
        outgoing.write(PINGREQ[1]);
        outgoing.flush();
        outgoing.flush();

        assertThat(calls).containsExactly(pubacks(1), publish, PINGREQ);
    }

    @Test
    void after_the_end_nothing_leaves_and_nobody_waits() {
        outgoing.acknowledge(new int[Outgoing.MOST_WAITING]);
        outgoing.abandon();
        outgoing.acknowledge(1);
        work();

        assertThat(outgoing.awaitRoom()).isTrue();
        outgoing.awaitWritten(Duration.ofDays(1));
        assertThat(calls).isEmpty();
    }

    @Test
    void a_broken_socket_lets_everybody_go() {
        Outgoing broken = new Outgoing(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken");
                    }
                },
                tasks::add);
        broken.acknowledge(new int[Outgoing.MOST_WAITING]);
        work();

        assertThat(broken.awaitRoom()).isTrue();
        broken.awaitWritten(Duration.ofDays(1));
    }

    @Test
    void a_socket_that_does_not_take_makes_the_reader_wait_and_then_nobody() {
        Semaphore taken = new Semaphore(0);
        List<Integer> lengths = new ArrayList<>();
        Outgoing slow = new Outgoing(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new AssertionError("byte by byte");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        taken.acquireUninterruptibly();
                        lengths.add(length);
                    }
                },
                thread());
        slow.acknowledge(new int[Outgoing.MOST_WAITING + 2 * Outgoing.AT_ONCE]);
        Thread reader = new Thread(slow::awaitRoom, "reader");
        reader.start();
        await().until(() -> reader.getState() == Thread.State.WAITING);

        // 512 too many: 256 are on their way, the next 256 leave just as many as may wait, and then there is room.
        taken.release(1);
        await().during(Duration.ofMillis(100)).until(reader::isAlive);
        taken.release(1);
        await().until(() -> !reader.isAlive());
        taken.release(Outgoing.MOST_WAITING);
        slow.awaitWritten(Patience.LIMIT);

        assertThat(lengths.stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(4 * (Outgoing.MOST_WAITING + 2 * Outgoing.AT_ONCE));
    }

    private void work() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static Executor thread() {
        return task -> new Thread(task, "writer").start();
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
