package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Times are below 128 ns, where {@link Latencies} is exact. */
class LatencyJoinTest {
    private final Latencies latencies = new Latencies();

    @Test
    void a_reading_is_in_the_first_batch_whose_total_reaches_it() {
        LatencyJoin join = join(1, 1);
        join.measureFrom(0);
        join.sent(0, 10);
        join.sent(0, 20);
        join.sent(0, 30);

        join.total(0, 1_000, 2);
        join.window(0, 1_000, 50);
        join.total(0, 2_000, 3);
        join.window(0, 2_000, 90);

        assertThat(latencies.count()).isEqualTo(3);
        assertThat(latencies.percentileNanos(0.33)).isEqualTo(30); // 50 - 20
        assertThat(latencies.percentileNanos(0.66)).isEqualTo(40); // 50 - 10
        assertThat(latencies.maxNanos()).isEqualTo(60); // 90 - 30
        assertThat(join.joined()).isEqualTo(3);
        assertThat(join.counted()).isEqualTo(3);
    }

    @Test
    void the_slide_may_come_before_the_total_and_its_own_arrival_counts() {
        LatencyJoin join = join(1, 1);
        join.measureFrom(0);
        join.sent(0, 10);

        join.window(0, 1_000, 50);
        assertThat(latencies.count()).isZero();
        join.total(0, 1_000, 1);

        assertThat(latencies.maxNanos()).isEqualTo(40);
    }

    @Test
    void readings_of_a_batch_whose_result_is_missing_count_with_the_next() {
        LatencyJoin join = join(1, 1);
        join.measureFrom(0);
        join.sent(0, 10);
        join.sent(0, 20);

        join.total(0, 1_000, 1);
        join.total(0, 2_000, 2);
        join.window(0, 2_000, 100);

        assertThat(latencies.count()).isEqualTo(2);
        assertThat(latencies.maxNanos()).isEqualTo(90);
    }

    @Test
    void a_batch_that_is_run_again_counts_once() {
        LatencyJoin join = join(1, 1);
        join.measureFrom(0);
        join.sent(0, 10);
        join.sent(0, 20);
        join.total(0, 1_000, 1);
        join.window(0, 1_000, 50);
        join.total(0, 2_000, 2);
        join.window(0, 2_000, 60);

        join.total(0, 1_000, 1);
        join.window(0, 1_000, 99);
        join.total(0, 2_000, 2);
        join.window(0, 2_000, 99);

        assertThat(latencies.count()).isEqualTo(2);
        assertThat(latencies.maxNanos()).isEqualTo(40);
        assertThat(join.counted()).isEqualTo(2);
        assertThat(join.lost()).isZero();
        assertThat(join.duplicates()).isZero();
    }

    @Test
    void readings_of_one_message_may_fall_into_two_batches() {
        LatencyJoin join = join(1, 3);
        join.measureFrom(0);
        join.sent(0, 10);
        join.sent(0, 20);

        join.total(0, 1_000, 2);
        join.window(0, 1_000, 50);
        join.total(0, 2_000, 6);
        join.window(0, 2_000, 100);

        assertThat(latencies.count()).isEqualTo(6);
        assertThat(latencies.percentileNanos(2 / 6.0)).isEqualTo(40); // 50 - 10, twice
        assertThat(latencies.percentileNanos(5 / 6.0)).isEqualTo(80); // 100 - 20, three times
        assertThat(latencies.maxNanos()).isEqualTo(90); // 100 - 10
    }

    @Test
    void what_was_due_before_the_measuring_began_is_not_in_the_latencies() {
        LatencyJoin join = join(1, 1);
        join.sent(0, 10);
        join.measureFrom(15);
        join.sent(0, 20);

        join.total(0, 1_000, 2);
        join.window(0, 1_000, 50);

        assertThat(latencies.count()).isEqualTo(1);
        assertThat(latencies.maxNanos()).isEqualTo(30);
        assertThat(join.joined()).isEqualTo(2);
    }

    @Test
    void loss_on_one_device_is_not_made_up_for_by_duplicates_on_another() {
        LatencyJoin join = join(2, 1);
        join.sent(0, 1);
        join.sent(0, 2);
        join.sent(1, 3);

        join.total(0, 1_000, 1);
        join.total(1, 1_000, 3);

        assertThat(join.counted()).isEqualTo(4);
        assertThat(join.lost()).isEqualTo(1);
        assertThat(join.duplicates()).isEqualTo(2);
    }

    @Test
    void the_rate_is_between_the_ends_of_two_batches() {
        LatencyJoin join = join(2, 1);
        long second = 1_000_000_000L;
        for (int batch = 1; batch <= 5; batch++) {
            for (int i = 0; i < 100; i++) {
                join.sent(0, 0);
            }
            join.sent(1, 0);
            join.total(0, batch, 100L * batch);
            join.total(1, batch, batch);
            join.window(0, batch, batch * second);
            join.window(1, batch, batch * second + second / 10);
        }

        assertThat(join.readingsPerSecond(second / 2, 10 * second)).isEqualTo(101);
        assertThat(join.readingsPerSecond(3 * second / 2, 9 * second / 2)).isEqualTo(101);
        assertThat(join.readingsPerSecond(0, 2 * second)).isZero();
    }

    private LatencyJoin join(int devices, int readingsAMessage) {
        return new LatencyJoin(devices, readingsAMessage, latencies);
    }
}
