package io.tidegate.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.oracle.SessionWindows.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Gap 5 s, allowed lateness 3 s, one device; times in seconds. */
class SessionWindowsTest {
    private final List<Row> rows = new ArrayList<>();

    @Test
    void a_pause_longer_than_the_gap_ends_a_session() {
        sent(0, 0, 5, 11);

        assertThat(times()).contains(Set.of(List.of(0L, 5L), List.of(11L)));
    }

    @Test
    void disorder_within_gap_and_lateness_changes_nothing() {
        sent(0, 0, 6, 2, 13, 8);

        assertThat(times()).contains(Set.of(List.of(0L, 2L, 6L, 8L, 13L)));
        assertThat(outcome().orElseThrow().late()).isZero();
    }

    @Test
    void what_touches_only_a_session_that_was_over_before_it_was_sent_is_late() {
        sent(0, 0, 20, 40);
        sent(1, 2, 41);

        assertThat(outcome().orElseThrow().late()).isEqualTo(1);
        assertThat(times()).contains(Set.of(List.of(0L), List.of(20L), List.of(40L, 41L)));
    }

    @Test
    void an_old_event_within_a_session_that_goes_on_is_not_late() {
        sent(0, 0, 5, 10, 15, 20, 25);
        sent(1, 1);

        assertThat(times()).contains(Set.of(List.of(0L, 1L, 5L, 10L, 15L, 20L, 25L)));
    }

    @Test
    void what_ended_exactly_at_the_watermark_is_late() {
        sent(0, 28);
        sent(1, 20); // 20 + 5 = 28 - 3

        assertThat(outcome().orElseThrow().late()).isEqualTo(1);
    }

    @Test
    void one_millisecond_later_it_is_not() {
        rows.add(row("d", 28_000, 0));
        rows.add(row("d", 20_001, 1));

        assertThat(outcome().orElseThrow().late()).isZero();
        assertThat(outcome().orElseThrow().sessions()).hasSize(2);
    }

    @Test
    void events_between_two_open_sessions_merge_them() {
        sent(0, 0, 7, 4);

        assertThat(times()).contains(Set.of(List.of(0L, 4L, 7L)));
    }

    @Test
    void what_depends_on_the_batches_is_undecided() {
        sent(0, 0, 40, 2); // late, unless one batch brings all three

        assertThat(outcome()).isEmpty();
    }

    @Test
    void a_clamped_time_decides_nothing() {
        rows.add(new Row(0, "d", 0, true, 0, List.of(), Map.of()));

        assertThat(outcome()).isEmpty();
    }

    @Test
    void devices_of_one_key_may_overtake_each_other_by_a_phase() {
        rows.add(row("a", 0, 0));
        rows.add(row("b", 60_000, 0)); // a batch may bring b before a
        assertThat(outcome()).isEmpty();

        rows.clear();
        rows.add(row("a", 0, 0));
        rows.add(row("b", 7_000, 0));
        assertThat(outcome()).isPresent();
    }

    private void sent(int phase, long... seconds) {
        for (long second : seconds) {
            rows.add(row("d", second * 1_000, phase));
        }
    }

    private Row row(String source, long ms, int phase) {
        return new Row(rows.size(), source, ms, false, phase, List.of(), Map.of());
    }

    private Optional<Outcome> outcome() {
        return SessionWindows.of(rows, 5_000, 3_000);
    }

    private Optional<Set<List<Long>>> times() {
        return outcome()
                .map(outcome -> outcome.sessions().stream()
                        .map(session -> session.stream()
                                .map(row -> row.timeMs() / 1_000)
                                .toList())
                        .collect(java.util.stream.Collectors.toSet()));
    }
}
