package io.tidegate.processor.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class ExactSumTest {

    @Property
    void the_sum_is_the_double_nearest_to_the_sum_of_decimals(@ForAll("terms") List<Double> terms) {
        BigDecimal decimals = terms.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);

        assertThat(sum(terms).value()).isEqualTo(decimals.doubleValue());
    }

    @Property
    void the_sum_does_not_depend_on_the_order_or_the_grouping(
            @ForAll("terms") List<Double> terms, @ForAll long seed, @ForAll int cut) {
        List<Double> shuffled = new ArrayList<>(terms);
        Collections.shuffle(shuffled, new Random(seed));
        int at = Math.floorMod(cut, shuffled.size() + 1);

        ExactSum grouped = sum(shuffled.subList(at, shuffled.size())).plus(sum(shuffled.subList(0, at)));

        assertThat(grouped).isEqualTo(sum(terms)).hasSameHashCodeAs(sum(terms));
    }

    @Property
    void terms_that_are_taken_away_leave_no_trace(
            @ForAll("terms") List<Double> staying, @ForAll("terms") List<Double> leaving) {
        ExactSum both = sum(leaving).plus(sum(staying));

        assertThat(both.minus(sum(leaving))).isEqualTo(sum(staying));
        assertThat(both.minus(both)).isEqualTo(ExactSum.ZERO);
    }

    @Property
    void a_quotient_is_rounded_once(@ForAll("readings") List<Double> terms) {
        BigDecimal decimals = terms.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        double mean = decimals.divide(BigDecimal.valueOf(terms.size()), new MathContext(400))
                .doubleValue();

        assertThat(sum(terms).dividedBy(terms.size())).isEqualTo(mean);
    }

    @Property
    void a_sum_that_was_written_reads_the_same(@ForAll("terms") List<Double> terms) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        sum(terms).write(new DataOutputStream(bytes));

        ExactSum read = ExactSum.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

        assertThat(read).isEqualTo(sum(terms));
    }

    @Property
    void a_square_is_exact(@ForAll("readings") List<Double> terms) {
        ExactSum squares = terms.stream().map(ExactSum::ofSquare).reduce(ExactSum.ZERO, ExactSum::plus);
        BigDecimal decimals =
                terms.stream().map(term -> new BigDecimal(term).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);

        assertThat(squares.value()).isEqualTo(decimals.doubleValue());
    }

    @Property
    void a_deviation_is_what_decimals_of_400_places_say(@ForAll("readings") List<Double> terms) {
        Assume.that(terms.size() > 1);
        MathContext precise = new MathContext(400);
        BigDecimal n = BigDecimal.valueOf(terms.size());
        BigDecimal mean = terms.stream()
                .map(BigDecimal::new)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .divide(n, precise);
        BigDecimal spread = terms.stream()
                .map(term -> new BigDecimal(term).subtract(mean).pow(2))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        double deviation = spread.divide(n.subtract(BigDecimal.ONE), precise)
                .sqrt(MathContext.DECIMAL128)
                .doubleValue();
        ExactSum squares = terms.stream().map(ExactSum::ofSquare).reduce(ExactSum.ZERO, ExactSum::plus);

        assertThat(sum(terms).deviation(squares, terms.size())).isCloseTo(deviation, within(2 * Math.ulp(deviation)));
    }

    @Test
    void a_deviation_needs_two_terms_and_survives_extremes() {
        ExactSum huge = ExactSum.ofSquare(1e200).plus(ExactSum.ofSquare(-1e200));
        ExactSum tiny = ExactSum.ofSquare(Double.MIN_VALUE).plus(ExactSum.ofSquare(0));

        assertThat(ExactSum.of(3).deviation(ExactSum.ofSquare(3), 1)).isNaN();
        assertThat(ExactSum.ZERO.deviation(huge, 2)).isInfinite();
        assertThat(ExactSum.of(Double.MIN_VALUE).deviation(tiny, 2)).isZero();
    }

    @Test
    void a_small_term_survives_between_two_large_ones() {
        ExactSum sum = ExactSum.of(1e300).plus(1e-300).plus(-1e300);

        assertThat(sum.value()).isEqualTo(1e-300);
    }

    @Test
    void a_sum_beyond_the_doubles_is_infinite_and_comes_back() {
        ExactSum beyond = ExactSum.of(Double.MAX_VALUE).plus(Double.MAX_VALUE);

        assertThat(beyond.value()).isInfinite();
        assertThat(beyond.dividedBy(2)).isEqualTo(Double.MAX_VALUE);
        assertThat(beyond.plus(-Double.MAX_VALUE).value()).isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void the_least_doubles_are_exact() {
        ExactSum two = ExactSum.of(Double.MIN_VALUE).plus(Double.MIN_VALUE);

        assertThat(two.value()).isEqualTo(2 * Double.MIN_VALUE);
        assertThat(two.dividedBy(4)).as("a tie goes to even").isEqualTo(0.0);
        assertThat(two.dividedBy(3)).isEqualTo(Double.MIN_VALUE);
        assertThat(ExactSum.of(-0.0)).isEqualTo(ExactSum.ZERO);
    }

    @Test
    void the_greatest_sum_of_the_narrow_form_has_one_form_however_it_is_reached() {
        double power = Math.scalb(1.0, 46);
        ExactSum up = ExactSum.of(-power).plus(-power);

        assertThat(up).isEqualTo(ExactSum.of(-2 * power));
        assertThat(up.minus(up)).isEqualTo(ExactSum.ZERO);
        assertThat(ExactSum.ZERO.minus(up)).isEqualTo(ExactSum.of(2 * power));
        assertThat(ExactSum.of(power).plus(power).value()).isEqualTo(2 * power);
    }

    @Test
    void a_quotient_that_is_a_tie_but_for_a_remainder_is_rounded_up() {
        // (2^53 + 1) * (2^40 + 1) + 1: a hair above the middle between 2^53 and 2^53 + 2.
        ExactSum sum = ExactSum.of(Math.scalb(1.0, 93))
                .plus(Math.scalb(1.0, 53))
                .plus(Math.scalb(1.0, 40))
                .plus(2);

        assertThat(sum.dividedBy((1L << 40) + 1)).isEqualTo(Math.scalb(1.0, 53) + 2);
        assertThat(sum.plus(-1).dividedBy((1L << 40) + 1)).isEqualTo(Math.scalb(1.0, 53));
    }

    @Test
    void what_is_no_number_is_refused() {
        assertThatThrownBy(() -> ExactSum.of(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("term: NaN (expected: a finite number)");
    }

    private static ExactSum sum(List<Double> terms) {
        ExactSum sum = ExactSum.ZERO;
        for (double term : terms) {
            sum = sum.plus(term);
        }
        return sum;
    }

    @Provide
    Arbitrary<List<Double>> terms() {
        Arbitrary<Double> any = Arbitraries.longs()
                .map(Double::longBitsToDouble)
                .filter(value -> Double.isFinite(value) && Math.abs(value) < 1e306);
        Arbitrary<Double> term = Arbitraries.frequencyOf(Tuple.of(3, reading()), Tuple.of(1, any));
        return term.list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<Double>> readings() {
        return reading().list().ofMinSize(1).ofMaxSize(30);
    }

    private static Arbitrary<Double> reading() {
        return Arbitraries.oneOf(
                Arbitraries.doubles().between(-100, 100), Arbitraries.integers().map(Integer::doubleValue));
    }
}
