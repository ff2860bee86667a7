package io.tidegate.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are written by hand from the contract; digests come from {@code printf ... | sha256sum}. */
class TopicLevelEncoderTest {

    @ParameterizedTest
    @CsvSource({
        "pump-7, pump-7",
        "a b, a%20b",
        "a/b+c#d, a%2Fb%2Bc%23d",
        "100%, 100%25",
        "ü, %C3%BC",
        "'', %",
    })
    void what_is_not_plain_is_escaped(String text, String level) {
        assertThat(TopicLevelEncoder.of(text)).isEqualTo(level);
    }

    @Test
    void a_long_level_is_its_beginning_and_a_digest_and_no_escape_is_cut() {
        assertThat(TopicLevelEncoder.of("a".repeat(128))).isEqualTo("a".repeat(128));
        assertThat(TopicLevelEncoder.of("a".repeat(129))).isEqualTo("a".repeat(100) + "%~" + "c12cb024a2e5551c");
        assertThat(TopicLevelEncoder.of("a".repeat(99) + "/".repeat(20)))
                .isEqualTo("a".repeat(99) + "%~" + "50a50caec7954f3b");
    }
}
