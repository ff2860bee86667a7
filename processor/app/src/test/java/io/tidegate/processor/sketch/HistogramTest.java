package io.tidegate.processor.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Property
    void every_rank_is_within_one_percent_of_the_number_that_stands_there(@ForAll("numbers") List<Double> numbers) {
        Histogram histogram = of(numbers);
        List<Double> ascending = new ArrayList<>(numbers);
        ascending.sort(null);

        for (int rank = 1; rank <= ascending.size(); rank++) {
            // In decimals: among the least doubles one percent is less than one of their steps.
            BigDecimal exact = new BigDecimal(ascending.get(rank - 1));
            BigDecimal off = new BigDecimal(histogram.at(rank)).subtract(exact).abs();
            BigDecimal step = new BigDecimal(Double.MIN_VALUE);
            assertThat(off)
                    .isLessThanOrEqualTo(
                            exact.abs().multiply(new BigDecimal("0.01")).add(step));
        }
    }

    @Property
    void neither_order_nor_grouping_matters_and_what_is_taken_away_leaves_no_trace(
            @ForAll("numbers") List<Double> staying, @ForAll("numbers") List<Double> leaving, @ForAll long seed) {
        List<Double> all = new ArrayList<>(staying);
        all.addAll(leaving);
        Collections.shuffle(all, new Random(seed));

        Histogram both = of(staying).plus(of(leaving));

        assertThat(both).isEqualTo(of(all)).isEqualTo(of(leaving).plus(of(staying)));
        assertThat(both.minus(of(leaving))).isEqualTo(of(staying)).hasSameHashCodeAs(of(staying));
        assertThat(both.minus(both)).isEqualTo(Histogram.EMPTY);
    }

    @Property
    void a_histogram_that_was_written_reads_the_same(@ForAll("numbers") List<Double> numbers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        of(numbers).write(new DataOutputStream(bytes));

        assertThat(Histogram.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
                .isEqualTo(of(numbers));
    }

    @Test
    void the_greatest_numbers_have_their_ranks_too() {
        for (double number = Double.MAX_VALUE; number > 1e307; number *= 0.999) {
            double error = of(List.of(-number)).at(1) / -number - 1;

            assertThat(error).as("%s", number).isBetween(-0.01, 0.01);
        }
    }

    @Test
    void there_is_no_rank_beyond_the_numbers_and_none_to_take_away() {
        Histogram two = of(List.of(1.0, 2.0));

        assertThatThrownBy(() -> two.at(3)).hasMessage("rank: 3 (expected: 1 to 2)");
        assertThatThrownBy(() -> two.at(0)).hasMessage("rank: 0 (expected: 1 to 2)");
        assertThatThrownBy(() -> two.minus(of(List.of(3.0)))).hasMessageContaining("more than there is");
    }

    private static Histogram of(List<Double> numbers) {
        Histogram.Builder builder = new Histogram.Builder();
        numbers.forEach(builder::add);
        return builder.build();
    }

    @Provide
    Arbitrary<List<Double>> numbers() {
        Arbitrary<Double> any =
                Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
        Arbitrary<Double> reading = Arbitraries.doubles().between(-50, 50);
        Arbitrary<Double> small = Arbitraries.integers().between(-3, 3).map(Integer::doubleValue);
        return Arbitraries.frequencyOf(Tuple.of(1, any), Tuple.of(2, reading), Tuple.of(1, small))
                .list()
                .ofMaxSize(40);
    }
}
