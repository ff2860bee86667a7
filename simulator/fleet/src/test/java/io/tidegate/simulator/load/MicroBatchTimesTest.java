package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.json.Json;
import org.junit.jupiter.api.Test;

class MicroBatchTimesTest {
    private final MicroBatchTimes times = new MicroBatchTimes();

    @Test
    void a_micro_batch_counts_once_and_only_in_the_measured_time() {
        progress(3, 9_000);
        times.measure();
        progress(3, 9_000);
        progress(4, 250);
        progress(4, 250);
        progress(6, 750);

        BatchTimes.Figures figures = times.figures();
        assertThat(figures.batches()).isEqualTo(2);
        assertThat(figures.meanMs()).isEqualTo(500);
        assertThat(figures.maxMs()).isEqualTo(750);
    }

    @Test
    void a_query_that_has_done_nothing_has_no_micro_batch() {
        times.measure();
        times.add(Json.read("{}"));

        assertThat(times.figures()).isEqualTo(BatchTimes.Figures.NONE);
    }

    private void progress(int microBatch, int durationMs) {
        times.add(Json.read("{\"microBatch\":%d,\"durationMs\":%d}".formatted(microBatch, durationMs)));
    }
}
