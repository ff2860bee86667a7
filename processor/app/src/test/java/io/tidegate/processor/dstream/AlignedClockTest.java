package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.QueryKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlignedClockTest {

    @Test
    void the_clock_stands_at_the_next_multiple_until_the_wall_clock_gets_there() {
        long before = System.currentTimeMillis();
        AlignedClock clock = new AlignedClock(3_600_000);
        long after = System.currentTimeMillis();

        assertThat(clock.getTimeMillis() % 3_600_000).isZero();
        assertThat(clock.getTimeMillis()).isBetween(before, after + 3_600_000);
    }

    @Test
    void a_clock_with_nothing_to_wait_for_is_the_wall_clock() {
        long before = System.currentTimeMillis();

        long told = new AlignedClock(1).getTimeMillis();

        assertThat(told).isBetween(before, System.currentTimeMillis() + 1);
    }

    @Test
    void a_multiple_is_its_own_next_multiple() {
        assertThat(AlignedClock.nextMultiple(12_000, 4_000)).isEqualTo(12_000);
        assertThat(AlignedClock.nextMultiple(12_001, 4_000)).isEqualTo(16_000);
    }

    @Test
    void slides_fall_together_at_their_least_common_multiple() {
        JobPlan plan = new JobPlan(
                List.of(
                        StreamGraphTest.query(
                                "a",
                                "",
                                List.of(),
                                new QueryKind.Window(30_000, 4_000, List.of(AggregateFunction.COUNT))),
                        StreamGraphTest.query("b", "", List.of(), new QueryKind.Top(60_000, 6_000, 1)),
                        StreamGraphTest.query("c", "", List.of(), new QueryKind.Counts())),
                8,
                2,
                "gw");

        assertThat(plan.alignment(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(12));
        assertThat(plan.longestWindow()).isEqualTo(Duration.ofSeconds(60));
    }
}
