package io.tidegate.processor.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctCountTest {

    @Test
    void ten_thousand_are_counted_and_one_more_is_estimated() {
        DistinctCount counted = range(0, 10_000);

        assertThat(counted.count()).isEqualTo(10_000);
        assertThat(counted.isExact()).isTrue();
        assertThat(counted.plus(range(5_000, 10_000)))
                .extracting(DistinctCount::count)
                .isEqualTo(10_000L);
        assertThat(counted.plus(range(9_000, 10_001)).isExact()).isFalse();
        assertThat(counted.plus(range(9_000, 10_001)).count()).isCloseTo(10_001, withinPercentage(5));
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 100_000, 300_000})
    void an_estimate_is_near_and_keeps_no_more_than_ten_thousand(int numbers) {
        DistinctCount estimated = range(0, numbers);

        // Four standard errors of 1.4 %.
        assertThat(estimated.count()).isCloseTo(numbers, withinPercentage(6));
        assertThat(estimated.size()).isBetween(4_000, 10_000);
    }

    @Test
    void an_estimate_is_the_same_however_it_came_together() {
        DistinctCount together = range(0, 60_000);
        DistinctCount one = range(0, 30_000).plus(range(30_000, 60_000));
        DistinctCount other = range(45_000, 60_000).plus(range(0, 100)).plus(range(100, 45_000));

        assertThat(one).isEqualTo(together).hasSameHashCodeAs(together);
        assertThat(other).isEqualTo(together);
    }

    @Test
    void what_leaves_is_gone_when_its_last_copy_is() {
        DistinctCount twice = range(0, 10).plus(range(0, 5));

        assertThat(twice.minus(range(0, 5)).count()).isEqualTo(10);
        assertThat(twice.minus(range(0, 5)).minus(range(0, 5)).count()).isEqualTo(5);
        assertThat(twice.minus(twice)).isEqualTo(DistinctCount.NONE);
        assertThatThrownBy(() -> twice.minus(range(10, 11))).hasMessageContaining("more than there is");
    }

    @Test
    void of_an_estimate_a_part_can_leave_that_was_counted() {
        DistinctCount window = range(0, 40_000).minus(range(0, 2_000)).minus(range(2_000, 20_000));

        assertThat(window.isExact()).isFalse();
        assertThat(window.count()).isCloseTo(20_000, withinPercentage(8));
        assertThat(window.minus(range(20_000, 40_000)).count()).isZero();
    }

    @Test
    void zero_has_no_sign() {
        DistinctCount.Builder builder = new DistinctCount.Builder();
        builder.add(0.0);
        builder.add(-0.0);

        assertThat(builder.build().count()).isEqualTo(1);
    }

    @Test
    void what_was_written_reads_the_same() throws IOException {
        for (DistinctCount each : new DistinctCount[] {DistinctCount.NONE, range(0, 3), range(0, 30_000)}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            each.write(new DataOutputStream(bytes));

            assertThat(DistinctCount.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
                    .isEqualTo(each);
        }
    }

    private static DistinctCount range(int from, int until) {
        DistinctCount.Builder builder = new DistinctCount.Builder();
        IntStream.range(from, until).mapToDouble(i -> i * 0.25).forEach(builder::add);
        return builder.build();
    }
}
