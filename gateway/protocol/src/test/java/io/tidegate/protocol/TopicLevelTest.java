package io.tidegate.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicLevelTest {

    @ParameterizedTest
    @CsvSource({
        "d-1_A.~, d-1_A.~",
        "a/#, a%2F%23",
        "+, %2B",
        "$SYS/x, %24SYS%2Fx",
        "../../x, ..%2F..%2Fx",
        "ä €, %C3%A4%20%E2%82%AC",
        "100%, 100%25",
    })
    void bytes_outside_the_plain_ones_are_escaped(String value, String level) {
        assertThat(TopicLevel.of(value)).isEqualTo(level);
        assertThat(TopicLevel.valueOf(level)).isEqualTo(value);
    }

    @Test
    void line_ends_nul_and_overrides_are_escaped() {
        assertThat(TopicLevel.of("a\r\nb")).isEqualTo("a%0D%0Ab");
        assertThat(TopicLevel.of("\u0000")).isEqualTo("%00");
        assertThat(TopicLevel.of("\u202E")).isEqualTo("%E2%80%AE");
    }

    @Test
    void empty_and_absent_are_told_apart() {
        assertThat(TopicLevel.of("")).isEqualTo("%");
        assertThat(TopicLevel.of(null)).isEqualTo("%~");
        assertThat(TopicLevel.valueOf("%")).isEmpty();
        assertThat(TopicLevel.valueOf("%~")).isNull();
    }

    @Test
    void a_lone_surrogate_counts_as_a_question_mark() {
        assertThat(TopicLevel.of("a\uD800b")).isEqualTo("a%3Fb");
    }

    @Test
    void a_long_value_is_cut_and_fingerprinted() throws Exception {
        String fits = "x".repeat(128);
        String longer = "x".repeat(65_536);

        assertThat(TopicLevel.of(fits)).isEqualTo(fits);
        assertThat(TopicLevel.of(longer)).isEqualTo("x".repeat(100) + "%~" + sha256(longer));
    }

    @Test
    void no_escape_is_cut() throws Exception {
        String value = "x".repeat(99) + "ü".repeat(20);

        assertThat(TopicLevel.of(value)).isEqualTo("x".repeat(99) + "%~" + sha256(value));
    }

    private static String sha256(String value) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, 16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2", "a%", "%G0", "%FF", "a%~0123456789abcdef"})
    void what_is_no_level_has_no_value(String level) {
        assertThatThrownBy(() -> TopicLevel.valueOf(level)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void a_level_has_only_harmless_characters_and_is_short(@ForAll("names") String name) {
        assertThat(TopicLevel.of(name)).matches("[A-Za-z0-9_.~%-]{1,128}");
    }

    @Property
    void a_level_that_was_not_cut_gives_its_value_back(@ForAll("names") String name) {
        String level = TopicLevel.of(name);
        Assume.that(!level.contains("%~"));

        assertThat(TopicLevel.valueOf(level)).isEqualTo(new String(name.getBytes(UTF_8), UTF_8));
    }

    @Property
    void different_values_have_different_levels(@ForAll("names") String one, @ForAll("names") String other) {
        Assume.that(!new String(one.getBytes(UTF_8), UTF_8).equals(new String(other.getBytes(UTF_8), UTF_8)));

        assertThat(TopicLevel.of(one)).isNotEqualTo(TopicLevel.of(other));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(300),
                Arbitraries.strings()
                        .withChars("/+#$%~.\r\n\u0000\u202e\uD800\uDC00 aé")
                        .ofMaxLength(8));
    }
}
