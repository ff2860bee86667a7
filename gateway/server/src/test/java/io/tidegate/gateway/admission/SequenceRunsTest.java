package io.tidegate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SequenceRunsTest {

    private final SequenceRuns runs = new SequenceRuns();
    private final MemoryBudget memory = KeyGroupFixture.ample();

    @Test
    void a_million_numbers_in_a_row_are_one_run() {
        LongStream.range(0, 1_000_000).forEach(seq -> add(seq, 10 * seq));

        assertThat(runs.size()).isEqualTo(1);
        assertThat(hold(0, 0)).isTrue();
        assertThat(hold(123_456, 1_234_560)).isTrue();
        assertThat(hold(1_000_000, 10_000_000)).isFalse();
    }

    @Test
    void numbers_at_equal_distances_are_one_run_without_what_lies_between() {
        LongStream.range(0, 1_000).forEach(i -> add(5 + 3 * i, i));

        assertThat(runs.size()).isEqualTo(1);
        assertThat(runs.knows(8)).isTrue();
        assertThat(runs.knows(9)).isFalse();
    }

    @Test
    void a_number_that_is_missing_belongs_to_no_run_and_closes_the_gap_when_it_comes_late() {
        LongStream.range(0, 100).filter(seq -> seq != 50).forEach(seq -> add(seq, seq));

        assertThat(hold(50, 50)).isFalse();
        assertThat(hold(49, 49)).isTrue();
        assertThat(hold(51, 51)).isTrue();
        add(50, 50);
        assertThat(runs.size()).isEqualTo(1);
        assertThat(hold(50, 50)).isTrue();
    }

    @Test
    void the_ends_of_a_run_are_known_exactly() {
        LongStream.range(0, 100).forEach(seq -> add(seq, 1_000 + seq));

        assertThat(hold(0, 1_000)).isTrue();
        assertThat(hold(0, 1_001)).isFalse();
        assertThat(hold(99, 1_099)).isTrue();
        assertThat(hold(99, 1_098)).isFalse();
    }

    @Test
    void a_device_that_counts_anew_begins_another_run() {
        LongStream.range(0, 100).forEach(seq -> add(seq, seq));
        LongStream.range(0, 50).forEach(seq -> add(seq, 1_000 + seq));

        assertThat(runs.size()).isEqualTo(2);
        assertThat(hold(20, 20)).isTrue();
        assertThat(hold(20, 1_020)).isTrue();
        assertThat(hold(20, 500)).isFalse();
        assertThat(runs.hold(20, 20, new SequenceRuns.Span(0, 99)::equals)).isFalse();
        assertThat(runs.hold(20, 20, new SequenceRuns.Span(1_000, 1_049)::equals))
                .isTrue();
        assertThat(runs.continuesRestart(50, 1_050)).isTrue();
        assertThat(runs.continuesRestart(50, 1_048)).isFalse();
    }

    @Test
    void so_many_runs_are_kept_and_the_one_that_was_extended_longest_ago_goes() {
        LongStream.range(0, 10).forEach(seq -> add(seq, seq));
        for (long i = 1; i < SequenceRuns.MOST; i++) {
            add(1_000 * i, 1_000 * i);
        }
        add(10, 10);
        add(1_000_000, 1_000_000);

        assertThat(runs.size()).isEqualTo(SequenceRuns.MOST);
        assertThat(hold(5, 5)).isTrue();
        assertThat(runs.knows(1_000)).isFalse();
        assertThat(runs.knows(2_000)).isTrue();
    }

    @Test
    void a_long_pause_ends_a_run_and_one_that_is_like_the_others_does_not() {
        long minute = 60_000_000;
        LongStream.range(0, 10).forEach(seq -> add(seq, seq));
        add(10, 9 + minute);
        assertThat(runs.size()).isEqualTo(1);
        add(11, 1_000 * minute);
        assertThat(runs.size()).isEqualTo(2);
        add(12, 1_010 * minute);
        add(13, 1_100 * minute);
        assertThat(runs.size()).isEqualTo(2);
    }

    @Test
    void numbers_as_far_apart_as_they_can_be_are_no_run() {
        add(Long.MIN_VALUE, 0);
        add(Long.MAX_VALUE, 1);
        add(-1, 2);
        add(0, 3);

        assertThat(runs.size()).isEqualTo(3);
        assertThat(hold(Long.MIN_VALUE, 0)).isTrue();
        assertThat(hold(Long.MAX_VALUE, 1)).isTrue();
    }

    private boolean hold(long seq, long time) {
        return runs.hold(seq, time, span -> false);
    }

    private void add(long seq, long time) {
        runs.add(seq, time, memory);
    }
}
