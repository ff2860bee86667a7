package io.tidegate.processor.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class KeyCodecTest {

    @Test
    void a_key_is_a_json_array_without_spaces() {
        assertThat(KeyCodec.encode(List.of("d1", "temperature"))).isEqualTo("[\"d1\",\"temperature\"]");
        assertThat(KeyCodec.encode(Arrays.asList(200, 2L, 1.5, true, null))).isEqualTo("[200,2,1.5,true,null]");
        assertThat(KeyCodec.encode(List.of(new BigDecimal("1E+2"), Double.NaN))).isEqualTo("[100,\"NaN\"]");
        assertThat(KeyCodec.encode(List.of())).isEqualTo(KeyCodec.NONE);
    }

    @Property
    void a_key_decodes_to_its_values(@ForAll String text, @ForAll long whole, @ForAll boolean truth) {
        List<Object> values = Arrays.asList(text, whole, truth, null, 0.25);

        assertThat(KeyCodec.decode(KeyCodec.encode(values))).isEqualTo(values);
    }

    @Property
    void a_key_of_strings_decodes_to_them_whatever_is_in_them(
            @ForAll List<@StringLength(max = 4) @Chars({'"', ',', '\\', '[', ']', 'a', '\n', 'ä'}) String> strings) {
        assertThat(KeyCodec.decode(KeyCodec.encode(strings))).isEqualTo(strings);
    }

    @Test
    void a_text_that_is_no_array_of_values_is_refused() {
        for (String text : List.of("", "[\"", "[\"]", "[\"a]", "[\"a\"", "[\"a\" \"b\"]", "[\"a\"x\"b\"]", "{\"a\"]")) {
            assertThatThrownBy(() -> KeyCodec.decode(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(KeyCodec.decode("[\"a\",5,\"b\"]")).containsExactly("a", 5L, "b");
    }

    @Test
    void keys_are_ordered_by_their_values_and_numbers_by_size() {
        assertThat(KeyCodec.compare("[9]", "[10]")).isNegative();
        assertThat(KeyCodec.compare("[\"a\"]", "[\"a b\"]")).isNegative();
        assertThat(KeyCodec.compare("[null]", "[false]")).isNegative();
        assertThat(KeyCodec.compare("[\"a\",2]", "[\"a\",1.5]")).isPositive();
        assertThat(KeyCodec.compare("[\"a\"]", "[\"a\"]")).isZero();
    }

    @Property
    void keys_of_strings_have_the_order_of_their_strings(
            @ForAll @Size(2)
                    List<@StringLength(max = 3) @CharRange(from = ' ', to = '%') @Chars({'\\', '\n', 'ä'}) String> one,
            @ForAll @Size(2)
                    List<@StringLength(max = 3) @CharRange(from = ' ', to = '%') @Chars({'\\', '\n', 'ä'}) String>
                            other) {
        int expected = one.get(0).equals(other.get(0))
                ? one.get(1).compareTo(other.get(1))
                : one.get(0).compareTo(other.get(0));

        assertThat(Integer.signum(KeyCodec.compare(KeyCodec.encode(one), KeyCodec.encode(other))))
                .isEqualTo(Integer.signum(expected));
    }

    @Test
    void numbers_of_any_size_come_back_exactly_as_they_were() {
        List<Object> values = List.of(
                new BigInteger("99999999999999999999999999999999999999"),
                Long.MIN_VALUE,
                new BigDecimal("12345678901234567890123456789.123456789"),
                new BigDecimal("21.50"),
                1e300,
                Double.MIN_VALUE);

        assertThat(KeyCodec.decode(KeyCodec.encode(values))).isEqualTo(values);
    }

    @Property
    void keys_that_differ_are_told_apart_by_what_they_decode_to(
            @ForAll @BigRange(min = "-1e20", max = "1e20") @Scale(18) BigDecimal one,
            @ForAll @IntRange(min = 1) int ulps) {
        BigDecimal other = one.add(BigDecimal.valueOf(ulps, 18));

        String first =
                KeyCodec.text(KeyCodec.decode(KeyCodec.encode(List.of(one))).get(0));
        String second =
                KeyCodec.text(KeyCodec.decode(KeyCodec.encode(List.of(other))).get(0));

        assertThat(new BigDecimal(first)).isEqualByComparingTo(one);
        assertThat(first).isNotEqualTo(second);
        assertThat(KeyCodec.compare(KeyCodec.encode(List.of(one)), KeyCodec.encode(List.of(other))))
                .isNegative();
    }

    @Test
    void a_text_that_is_no_key_is_refused() {
        assertThatThrownBy(() -> KeyCodec.decode("{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a JSON array");
    }
}
