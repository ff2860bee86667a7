package io.tidegate.gateway.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeenThroughTrackerTest {

    private final AtomicLong seenThrough = new AtomicLong(100);
    private final AtomicLong end = new AtomicLong(10);
    private final SeenThroughTracker pair = new SeenThroughTracker(seenThrough::get, end::get);

    @Test
    void at_the_end_the_present_may_be_told() {
        assertThat(pair.at(10)).isEqualTo(100);

        seenThrough.set(200);
        assertThat(pair.at(10)).isEqualTo(200);
    }

    @Test
    void before_its_end_is_reached_a_snapshot_is_not_told() {
        assertThat(pair.at(5)).isZero();
        assertThat(pair.at(9)).isZero();
        assertThat(pair.at(10)).isEqualTo(100);
    }

    @Test
    void under_load_an_older_snapshot_is_told_as_soon_as_its_end_is_reached() {
        pair.at(5);
        for (int position = 6; position <= 40; position++) {
            seenThrough.addAndGet(10);
            end.addAndGet(1);
            pair.at(position);
        }

        assertThat(pair.at(40)).isEqualTo(400);
        assertThat(end).hasValue(45);
    }

    @Test
    void the_time_is_taken_before_the_end_so_that_what_comes_between_is_covered() {
        SeenThroughTracker racing = new SeenThroughTracker(
                () -> {
                    long now = seenThrough.get();
                    end.incrementAndGet();
                    return now;
                },
                end::get);

        assertThat(racing.at(10)).isZero();
        assertThat(racing.at(11)).isEqualTo(100);
    }

    @Test
    void it_never_steps_back() {
        pair.at(10);
        seenThrough.set(50);

        assertThat(pair.at(10)).isEqualTo(100);
    }
}
