package io.tidegate.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.junit.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** M10 of the fault catalogue: a header decides, before a byte of the body is read or room is made for it. */
class InboundStreamTest {

    private static final int MAX = 20_000;

    @RepeatedTest(20)
    void packets_up_to_the_limit_pass_unchanged_however_they_are_read() throws IOException {
        Random random = Seed.of("packets up to the limit").random();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            int total = random.nextBoolean() ? random.nextInt(140) : random.nextInt(MAX - 8);
            sent.writeBytes(packet(random, total));
        }

        assertThat(readAll(new InboundStream(new ByteArrayInputStream(sent.toByteArray()), MAX), random))
                .isEqualTo(sent.toByteArray());
    }

    @Test
    void the_limit_counts_the_whole_packet() throws IOException {
        // 1 + 3 bytes of header.
        byte[] largest = packet(new Random(1), MAX - 4);
        byte[] larger = packet(new Random(1), MAX - 3);

        assertThat(largest).hasSize(MAX);
        assertThat(new InboundStream(new ByteArrayInputStream(largest), MAX).readAllBytes())
                .isEqualTo(largest);
        assertThatThrownBy(() -> new InboundStream(new ByteArrayInputStream(larger), MAX).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("20001 bytes (expected: at most 20000)");
    }

    @RepeatedTest(20)
    void a_packet_that_is_too_large_fails_at_its_header_behind_any_number_of_others() {
        Random random = Seed.of("a packet that is too large").random();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int i = random.nextInt(5); i > 0; i--) {
            sent.writeBytes(packet(random, random.nextInt(1000)));
        }
        // The largest length there is: 268,435,455.
        sent.writeBytes(new byte[] {0x32, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F});

        assertThatThrownBy(() -> readAll(new InboundStream(new ByteArrayInputStream(sent.toByteArray()), MAX), random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("268435460 bytes");
    }

    @Test
    void a_length_that_does_not_end_fails() {
        byte[] endless = {0x32, -1, -1, -1, -1, -1, -1};

        assertThatThrownBy(() -> new InboundStream(new ByteArrayInputStream(endless), MAX).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("without a valid length");
    }

    @Test
    void answers_to_pings_are_taken_out_wherever_they_are() throws IOException {
        byte[] first = packet(new Random(1), 300);
        byte[] second = packet(new Random(2), 3);
        byte[] pingresp = {(byte) 0xD0, 0};
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (byte[] part : List.of(pingresp, first, pingresp, pingresp, second, pingresp)) {
            sent.writeBytes(part);
        }

        assertThat(new InboundStream(new ByteArrayInputStream(sent.toByteArray()), MAX).readAllBytes())
                .isEqualTo(concatenated(first, second));
    }

    @Test
    void the_flag_of_each_publish_is_told_in_the_order_of_arrival() throws IOException {
        byte[] fresh = {0x32, 5, 0, 1, 't', 0, 1};
        byte[] again = {0x3A, 5, 0, 1, 't', 0, 1};
        byte[] suback = {(byte) 0x90, 4, 0, 1, 0, 1};
        InboundStream in = new InboundStream(
                new ByteArrayInputStream(concatenated(again, fresh, suback, again, again, fresh)), MAX);
        in.readAllBytes();

        assertThat(Stream.generate(in::arrivedIsDuplicate).limit(5)).containsExactly(true, false, true, true, false);
    }

    @Test
    void an_answer_to_a_ping_that_holds_something_fails() {
        byte[] strange = {(byte) 0xD0, 1, 0};

        assertThatThrownBy(() -> new InboundStream(new ByteArrayInputStream(strange), MAX).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 bytes (expected: none)");
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] packet(Random random, int remaining) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x30);
        int length = remaining;
        do {
            packet.write(length >= 128 ? length % 128 + 128 : length);
            length /= 128;
        } while (length > 0);
        byte[] body = new byte[remaining];
        random.nextBytes(body);
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    /** Single bytes and pieces of any size, as they come. */
    private static byte[] readAll(InputStream in, Random random) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] piece = new byte[3_000];
        while (true) {
            if (random.nextInt(3) == 0) {
                int one = in.read();
                if (one < 0) {
                    return read.toByteArray();
                }
                read.write(one);
            } else {
                int count = in.read(piece, 0, 1 + random.nextInt(piece.length));
                if (count < 0) {
                    return read.toByteArray();
                }
                read.write(piece, 0, count);
            }
        }
    }
}
