package io.tidegate.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What leaves with which call; nothing that was written may stay behind. */
class CoalescedOutputTest {

    private static final byte[] PINGREQ = {(byte) 0xC0, 0};

    private final List<byte[]> calls = new ArrayList<>();
    private final AtomicInteger expected = new AtomicInteger();
    private final CoalescedOutput output = new CoalescedOutput(new Calls(), expected);

    @Test
    void acknowledgements_leave_together_with_the_last_that_was_announced() throws IOException {
        expected.set(3);
        send(puback(1));
        send(puback(2));
        assertThat(calls).isEmpty();
        send(puback(3));

        assertThat(calls).containsExactly(joined(puback(1), puback(2), puback(3)));
        assertThat(expected).hasValue(0);
    }

    @Test
    void one_alone_leaves_at_once() throws IOException {
        for (int id = 1; id <= 3; id++) {
            expected.incrementAndGet();
            send(puback(id));
        }

        assertThat(calls).containsExactly(puback(1), puback(2), puback(3));
    }

    @Test
    void any_other_packet_takes_along_what_is_held_in_its_order() throws IOException {
        expected.set(9);
        send(puback(1));
        send(PINGREQ);
        send(puback(2));
        assertThat(calls).containsExactly(joined(puback(1), PINGREQ));
        output.close();

        assertThat(calls).containsExactly(joined(puback(1), PINGREQ), puback(2));
    }

    @Test
    void the_buffer_bounds_how_many_wait() throws IOException {
        expected.set(Integer.MAX_VALUE);
        for (int id = 1; id <= CoalescedOutput.HELD_BYTES / 4 + 1; id++) {
            send(puback(id));
        }

        assertThat(calls).hasSize(1);
        assertThat(calls.get(0)).hasSize(CoalescedOutput.HELD_BYTES);
    }

    @Test
    void a_packet_larger_than_the_buffer_passes_whole_and_in_pieces() throws IOException {
        byte[] publish = new byte[5 * CoalescedOutput.HELD_BYTES];
        publish[0] = 0x32;
        // As Paho writes: the header, then pieces of the body; a piece that begins like a PUBACK is none.
        byte[] piece = new byte[CoalescedOutput.HELD_BYTES];
        piece[0] = 0x40;
        expected.set(2);
        send(puback(1));
        output.write(publish, 0, publish.length);
        output.write(piece, 0, piece.length);
        output.write(7);
        output.flush();

        assertThat(joined(calls.toArray(byte[][]::new))).isEqualTo(joined(puback(1), publish, piece, new byte[] {7}));
        assertThat(expected).hasValue(1);
    }

    private void send(byte[] packet) throws IOException {
        output.write(packet, 0, packet.length);
        output.flush();
    }

    private static byte[] puback(int id) {
        return new byte[] {0x40, 2, (byte) (id >> 8), (byte) id};
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private final class Calls extends OutputStream {
        @Override
        public void write(int b) {
            throw new AssertionError("byte by byte");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (length > 0) {
                calls.add(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        }
    }
}
