package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void percentiles_are_those_of_the_sorted_times() {
        Random random = new Random(5);
        long[] times = random.longs(10_000, 1, 5_000_000_000L).toArray();
        Latencies latencies = new Latencies();
        for (long time : times) {
            latencies.record(time, 1);
        }
        Arrays.sort(times);

        assertThat(latencies.count()).isEqualTo(10_000);
        assertThat(latencies.maxNanos()).isEqualTo(times[9_999]);
        assertThat(latencies.percentileNanos(0.50)).isCloseTo(times[4_999], withinPercentage(1.6));
        assertThat(latencies.percentileNanos(0.95)).isCloseTo(times[9_499], withinPercentage(1.6));
        assertThat(latencies.percentileNanos(0.99)).isCloseTo(times[9_899], withinPercentage(1.6));
        assertThat(latencies.percentileNanos(1)).isEqualTo(times[9_999]);
    }

    @Test
    void small_times_are_exact_and_a_percentile_is_never_below_the_time() {
        for (long time = 0; time < 100_000; time++) {
            Latencies latencies = new Latencies();
            latencies.record(time, 1);
            latencies.record(Long.MAX_VALUE, 1);

            assertThat(latencies.percentileNanos(0.5)).isBetween(time, time + time / 64);
        }
    }

    @Test
    void what_took_as_long_as_many_others_is_counted_as_often() {
        Latencies latencies = new Latencies();
        latencies.record(10, 98);
        latencies.record(20, 1);
        latencies.record(-3, 1);

        assertThat(latencies.percentileNanos(0.01)).isZero();
        assertThat(latencies.percentileNanos(0.02)).isEqualTo(10);
        assertThat(latencies.percentileNanos(0.99)).isEqualTo(10);
        assertThat(latencies.percentileNanos(0.991)).isEqualTo(20);
    }

    @Test
    void without_any_time_there_is_nothing_to_say() {
        assertThat(new Latencies().percentileNanos(0.99)).isZero();
    }
}
