package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.PrometheusText;
import org.junit.jupiter.api.Test;

class BatchTimesTest {
    @Test
    void batches_are_the_differences_of_what_adds_up() throws Exception {
        BatchTimes times = new BatchTimes(new Endpoint("http://127.0.0.1:1")); // nobody answers there
        times.add(page(10, 9.0, 3.0, 0));
        times.measure();

        times.add(page(11, 9.25, 3.0, 0));
        times.add(page(11, 9.25, 3.0, 1));
        times.add(page(12, 10.0, 3.5, 2));

        BatchTimes.Figures figures = times.figures();
        assertThat(figures.batches()).isEqualTo(2);
        assertThat(figures.meanMs()).isCloseTo(500, within(1e-6));
        assertThat(figures.medianMs()).as("the upper one of two").isCloseTo(750, within(1e-6));
        assertThat(figures.maxMs()).isCloseTo(750, within(1e-6));
        assertThat(figures.schedulingDelayMeanMs()).isCloseTo(250, within(1e-6));
        assertThat(figures.schedulingDelayMaxMs()).isCloseTo(500, within(1e-6));
        assertThat(figures.waitingAtEnd()).isEqualTo(2);
    }

    @Test
    void a_sum_is_over_the_labels_of_one_name() {
        PrometheusText page = new PrometheusText("""
                # HELP a_total something
                a_total{source="x y"} 1.0
                a_total{source="z"} 2.5E1
                a_total_more 7.0
                b 3.0
                """);

        assertThat(page.sum("a_total")).isEqualTo(26);
        assertThat(page.sum("b")).isEqualTo(3);
        assertThat(page.sum("c")).isZero();
    }

    private static PrometheusText page(long batches, double seconds, double delays, int waiting) {
        return new PrometheusText("""
                tidegate_batch_seconds_count %d
                tidegate_batch_seconds_sum %s
                tidegate_batch_scheduling_delay_seconds_count %d
                tidegate_batch_scheduling_delay_seconds_sum %s
                tidegate_batches_waiting %d.0
                """.formatted(batches, seconds, batches, delays, waiting));
    }
}
