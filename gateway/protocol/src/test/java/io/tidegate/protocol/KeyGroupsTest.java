package io.tidegate.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyGroupsTest {

    /** Published results of MurmurHash3_x86_32 with seed 0. */
    @ParameterizedTest
    @CsvSource({
        "'', 00000000",
        "00, 514E28B7",
        "0000, 30F4C306",
        "000000, 85F0B427",
        "00000000, 2362F9DE",
        "21, 72661CF4",
        "2143, A0F7B07A",
        "214365, 7E4A8634",
        "21436587, F55B516B",
        "FFFFFFFF, 76293B50",
    })
    void the_hash_is_murmur3_x86_32_of_the_bytes(String bytes, String hash) {
        assertThat(KeyGroups.murmur3(HexFormat.of().parseHex(bytes))).isEqualTo(HexFormat.fromHexDigits(hash));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "test | BA6BD213",
                "Hello, world! | C0363E43",
                "The quick brown fox jumps over the lazy dog | 2E4FF723",
            })
    void the_hash_of_a_text_is_that_of_its_utf_8(String text, String hash) {
        assertThat(KeyGroups.murmur3(text.getBytes(UTF_8))).isEqualTo(HexFormat.fromHexDigits(hash));
    }

    @Test
    void the_group_is_the_hash_modulo_the_count_also_where_the_hash_is_negative() {
        assertThat(KeyGroups.of("test", 8))
                .as("0xBA6BD213 is negative as an int")
                .isEqualTo(0x3);
        assertThat(KeyGroups.of("", 8)).isZero();
        assertThat(KeyGroups.of("Hello, world!", 1)).isZero();
    }

    /** Groups are stored in logs and checkpoints: computed by another program from the reference's description. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device-1 | 5 | 941",
                "device-42 | 6 | 198",
                "sensor/7 | 1 | 353",
                "203.0.113.8 | 3 | 163",
                "2001:db8::4 | 7 | 511",
                "Gerät 3 | 7 | 191",
                "温度计 | 3 | 563",
                "🌡 1 | 7 | 439",
                "a | 2 | 850",
                "plant-7/line-3/press-12/bearing-temperature | 2 | 650",
            })
    void a_key_has_the_group_that_it_always_had(String key, int of8, int of1000) {
        assertThat(KeyGroups.of(key, 8)).isEqualTo(of8);
        assertThat(KeyGroups.of(key, 1000)).isEqualTo(of1000);
    }

    @Test
    void devices_spread_evenly() {
        int[] counts = new int[KeyGroups.DEFAULT_COUNT];
        IntStream.range(0, 8_000).forEach(i -> counts[KeyGroups.of("device-" + i, counts.length)]++);

        assertThat(counts).isNotEmpty();
        for (int count : counts) {
            assertThat(count).isBetween(900, 1_100);
        }
    }
}
