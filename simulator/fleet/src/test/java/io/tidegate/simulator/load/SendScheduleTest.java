package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SendScheduleTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void a_rate_lets_so_many_leave_a_second() {
        SendSchedule pace = SendSchedule.rate(2_500, 7 * SECOND, 0);

        assertThat(pace.allowed(7 * SECOND)).isZero();
        assertThat(pace.allowed(7 * SECOND + SECOND / 1_000)).isEqualTo(2);
        assertThat(pace.allowed(67 * SECOND)).isEqualTo(150_000);
    }

    @Test
    void at_a_rate_latency_counts_from_when_a_message_was_due_however_late_it_leaves() {
        SendSchedule pace = SendSchedule.rate(2_000, 7 * SECOND, 0);

        assertThat(pace.dueNanos(0, 9 * SECOND)).isEqualTo(7 * SECOND);
        assertThat(pace.dueNanos(3_000, 99 * SECOND)).isEqualTo(8 * SECOND + SECOND / 2);
    }

    @Test
    void a_rate_goes_on_behind_what_has_left() {
        SendSchedule pace = SendSchedule.rate(2_000, 7 * SECOND, 500);

        assertThat(pace.allowed(7 * SECOND)).isEqualTo(500);
        assertThat(pace.allowed(8 * SECOND)).isEqualTo(2_500);
        assertThat(pace.dueNanos(2_500, 9 * SECOND)).isEqualTo(8 * SECOND);
    }

    @Test
    void no_more_leave_than_are_taken_and_a_bounded_number() {
        AtomicLong taken = new AtomicLong();
        SendSchedule pace = SendSchedule.asTaken(100, taken::get);

        assertThat(pace.allowed(0)).isEqualTo(100);
        taken.set(42);
        assertThat(pace.allowed(0)).isEqualTo(142);
        assertThat(pace.dueNanos(141, 5)).isEqualTo(5);
    }
}
