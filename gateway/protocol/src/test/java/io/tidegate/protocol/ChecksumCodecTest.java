package io.tidegate.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Codec;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChecksumCodecTest {

    private final Codec codec = (Codec) ChecksumCodec.compressors().lookupCompressor("crc32c");

    @Test
    void the_check_value_of_crc_32c_stands_behind_the_message() throws IOException {
        assertThat(HexFormat.of().formatHex(encoded("123456789".getBytes(US_ASCII))))
                .isEqualTo("313233343536373839" + "e3069283"); // the catalogued check value of CRC-32/ISCSI
    }

    @Property(tries = 200)
    void a_message_comes_back_and_one_flipped_bit_anywhere_is_noticed(
            @ForAll @Size(max = 300) byte[] message, @ForAll @IntRange(max = 7) int bit, @ForAll @IntRange int place)
            throws IOException {
        byte[] encoded = encoded(message);
        assertThat(codec.decompress(new ByteArrayInputStream(encoded)).readAllBytes())
                .isEqualTo(message);

        encoded[Math.floorMod(place, encoded.length)] ^= (byte) (1 << bit);

        assertThatThrownBy(() -> codec.decompress(new ByteArrayInputStream(encoded)))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("UNAVAILABLE: a message of " + encoded.length + " bytes was damaged");
    }

    @Test
    void a_message_that_was_cut_off_is_noticed() throws IOException {
        byte[] encoded = encoded("a message of some bytes".repeat(5).getBytes(US_ASCII));

        for (int length = 0; length < encoded.length; length++) {
            byte[] part = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> codec.decompress(new ByteArrayInputStream(part)))
                    .isInstanceOf(StatusRuntimeException.class);
        }
    }

    /** In pieces, as gRPC writes. */
    private byte[] encoded(byte[] message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = codec.compress(bytes)) {
            int half = message.length / 2;
            out.write(message, 0, half);
            for (int i = half; i < message.length; i++) {
                out.write(message[i]);
            }
        }
        return bytes.toByteArray();
    }
}
