package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The kill is at 1,000, and a latency of up to 200 is normal. */
class RecoveryTrackerTest {
    private final RecoveryTracker recovery = new RecoveryTracker(1_000, 200);

    @Test
    void the_first_result_is_the_first_with_a_reading_that_was_due_after_the_kill() {
        recovery.result(1, 900, 990, 1_010);
        assertThat(recovery.firstResultNanos()).isEmpty();

        recovery.result(2, 950, 1_000, 1_800);
        recovery.result(2, 1_100, 1_200, 1_900);

        assertThat(recovery.firstResultNanos()).hasValue(800);
    }

    @Test
    void it_has_caught_up_with_the_last_result_of_the_first_batch_in_which_no_reading_is_old() {
        recovery.result(1, 950, 990, 1_010); // before the kill, and soon enough
        recovery.result(2, 1_500, 1_800, 1_900);
        recovery.result(3, 1_950, 2_050, 2_100);
        recovery.result(3, 1_899, 2_050, 2_100); // waited for 201
        recovery.result(4, 2_100, 2_200, 2_250);
        recovery.result(4, 2_100, 2_200, 2_300);
        recovery.result(5, 2_300, 2_400, 2_450);

        assertThat(recovery.caughtUpNanos()).hasValue(1_300);
    }

    @Test
    void a_batch_is_judged_when_a_later_one_has_results() {
        assertThat(recovery.caughtUpNanos()).isEmpty();

        recovery.result(1, 1_050, 1_100, 1_150);
        assertThat(recovery.caughtUpNanos()).isEmpty();
        recovery.result(2, 1_150, 1_200, 1_600);

        assertThat(recovery.caughtUpNanos()).hasValue(150);
    }

    @Test
    void a_program_that_nobody_misses_has_caught_up_when_all_that_was_due_after_the_kill_is_soon_enough() {
        recovery.result(1, 900, 1_050, 1_100);
        recovery.result(2, 1_100, 1_150, 1_200);

        assertThat(recovery.firstResultNanos()).hasValue(100);
        assertThat(recovery.caughtUpNanos()).hasValue(100);
    }
}
