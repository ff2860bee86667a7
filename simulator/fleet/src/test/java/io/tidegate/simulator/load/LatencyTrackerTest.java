package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Times are below 128 ns, where a histogram is exact. */
class LatencyTrackerTest {
    private final Histogram latencies = new Histogram(3);

    @Test
    void a_reading_is_in_the_first_batch_whose_total_reaches_it() {
        LatencyTracker tracker = tracker(1, 1);
        tracker.measureFrom(0);
        tracker.sent(0, 10);
        tracker.sent(0, 20);
        tracker.sent(0, 30);

        tracker.total(0, 1_000, 2);
        tracker.window(0, 1_000, 50);
        tracker.total(0, 2_000, 3);
        tracker.window(0, 2_000, 90);

        assertThat(latencies.getTotalCount()).isEqualTo(3);
        assertThat(latencies.getValueAtPercentile(33)).isEqualTo(30); // 50 - 20
        assertThat(latencies.getValueAtPercentile(66)).isEqualTo(40); // 50 - 10
        assertThat(latencies.getMaxValue()).isEqualTo(60); // 90 - 30
        assertThat(tracker.joined()).isEqualTo(3);
        assertThat(tracker.counted()).isEqualTo(3);
    }

    @Test
    void the_slide_may_come_before_the_total_and_its_own_arrival_counts() {
        LatencyTracker tracker = tracker(1, 1);
        tracker.measureFrom(0);
        tracker.sent(0, 10);

        tracker.window(0, 1_000, 50);
        assertThat(latencies.getTotalCount()).isZero();
        tracker.total(0, 1_000, 1);

        assertThat(latencies.getMaxValue()).isEqualTo(40);
    }

    @Test
    void readings_of_a_batch_whose_result_is_missing_count_with_the_next() {
        LatencyTracker tracker = tracker(1, 1);
        tracker.measureFrom(0);
        tracker.sent(0, 10);
        tracker.sent(0, 20);

        tracker.total(0, 1_000, 1);
        tracker.total(0, 2_000, 2);
        tracker.window(0, 2_000, 100);

        assertThat(latencies.getTotalCount()).isEqualTo(2);
        assertThat(latencies.getMaxValue()).isEqualTo(90);
    }

    @Test
    void a_batch_that_is_run_again_counts_once() {
        LatencyTracker tracker = tracker(1, 1);
        tracker.measureFrom(0);
        tracker.sent(0, 10);
        tracker.sent(0, 20);
        tracker.total(0, 1_000, 1);
        tracker.window(0, 1_000, 50);
        tracker.total(0, 2_000, 2);
        tracker.window(0, 2_000, 60);

        tracker.total(0, 1_000, 1);
        tracker.window(0, 1_000, 99);
        tracker.total(0, 2_000, 2);
        tracker.window(0, 2_000, 99);

        assertThat(latencies.getTotalCount()).isEqualTo(2);
        assertThat(latencies.getMaxValue()).isEqualTo(40);
        assertThat(tracker.counted()).isEqualTo(2);
        assertThat(tracker.lost()).isZero();
        assertThat(tracker.duplicates()).isZero();
    }

    @Test
    void readings_of_one_message_may_fall_into_two_batches() {
        LatencyTracker tracker = tracker(1, 3);
        tracker.measureFrom(0);
        tracker.sent(0, 10);
        tracker.sent(0, 20);

        tracker.total(0, 1_000, 2);
        tracker.window(0, 1_000, 50);
        tracker.total(0, 2_000, 6);
        tracker.window(0, 2_000, 100);

        assertThat(latencies.getTotalCount()).isEqualTo(6);
        assertThat(latencies.getValueAtPercentile(200 / 6.0)).isEqualTo(40); // 50 - 10, twice
        assertThat(latencies.getValueAtPercentile(500 / 6.0)).isEqualTo(80); // 100 - 20, three times
        assertThat(latencies.getMaxValue()).isEqualTo(90); // 100 - 10
    }

    @Test
    void what_was_due_before_the_measuring_began_is_not_in_the_latencies() {
        LatencyTracker tracker = tracker(1, 1);
        tracker.sent(0, 10);
        tracker.measureFrom(15);
        tracker.sent(0, 20);

        tracker.total(0, 1_000, 2);
        tracker.window(0, 1_000, 50);

        assertThat(latencies.getTotalCount()).isEqualTo(1);
        assertThat(latencies.getMaxValue()).isEqualTo(30);
        assertThat(tracker.joined()).isEqualTo(2);
    }

    @Test
    void after_a_kill_each_result_says_between_which_times_its_new_readings_were_due() {
        LatencyTracker tracker = tracker(1, 1);
        tracker.sent(0, 10);
        RecoveryTracker recovery = new RecoveryTracker(15, 30);
        tracker.tell(recovery);
        tracker.sent(0, 20);
        tracker.sent(0, 100);
        tracker.sent(0, 120);

        tracker.total(0, 1_000, 1);
        tracker.window(0, 1_000, 90);
        assertThat(recovery.firstResultNanos()).isEmpty(); // due at 10
        tracker.total(0, 2_000, 2);
        tracker.window(0, 2_000, 95);
        tracker.total(0, 3_000, 3);
        tracker.window(0, 3_000, 125);
        tracker.total(0, 4_000, 4);
        tracker.window(0, 4_000, 130);

        assertThat(recovery.firstResultNanos()).hasValue(80); // 95 - 15
        assertThat(recovery.caughtUpNanos()).hasValue(110); // 125 - 15, when the oldest was of 100
    }

    @Test
    void loss_on_one_device_is_not_made_up_for_by_duplicates_on_another() {
        LatencyTracker tracker = tracker(2, 1);
        tracker.sent(0, 1);
        tracker.sent(0, 2);
        tracker.sent(1, 3);

        tracker.total(0, 1_000, 1);
        tracker.total(1, 1_000, 3);

        assertThat(tracker.counted()).isEqualTo(4);
        assertThat(tracker.lost()).isEqualTo(1);
        assertThat(tracker.duplicates()).isEqualTo(2);
    }

    @Test
    void the_rate_is_between_the_ends_of_two_batches() {
        LatencyTracker tracker = tracker(2, 1);
        long second = 1_000_000_000L;
        for (int batch = 1; batch <= 5; batch++) {
            for (int i = 0; i < 100; i++) {
                tracker.sent(0, 0);
            }
            tracker.sent(1, 0);
            tracker.total(0, batch, 100L * batch);
            tracker.total(1, batch, batch);
            tracker.window(0, batch, batch * second);
            tracker.window(1, batch, batch * second + second / 10);
        }

        assertThat(tracker.readingsPerSecond(second / 2, 10 * second)).isEqualTo(101);
        assertThat(tracker.readingsPerSecond(3 * second / 2, 9 * second / 2)).isEqualTo(101);
        assertThat(tracker.readingsPerSecond(0, 2 * second)).isZero();
    }

    private LatencyTracker tracker(int devices, int readingsAMessage) {
        return new LatencyTracker(devices, readingsAMessage, latencies);
    }
}
