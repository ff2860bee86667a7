package io.tidegate.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.scenario.Observation;
import io.tidegate.simulator.scenario.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectedStateTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final long TIME = Instant.parse("2026-01-05T08:00:00Z").toEpochMilli();

    private final List<Step> steps = new ArrayList<>();

    @Test
    void a_reading_with_a_known_seq_and_time_counts_once_and_with_another_time_twice() {
        say(measured(1, TIME));
        say(measured(1, TIME));
        say(measured(1, TIME + 1));

        assertThat(expectedState().ledger()).containsEntry("logged", 2L).containsEntry("duplicate", 1L);
    }

    @Test
    void a_repeated_reading_is_known_however_many_came_after_it() {
        for (int seq = 0; seq <= 1_000; seq++) {
            say(measured(seq, TIME + seq));
        }
        say(measured(1, TIME + 1));
        say(measured(0, TIME));

        assertThat(expectedState().ledger()).containsEntry("logged", 1_001L).containsEntry("duplicate", 2L);
    }

    @Test
    void times_before_2000_and_far_ahead_are_clamped_and_history_is_welcome() {
        say(measured(1, Instant.parse("1999-12-31T23:59:59.999Z").toEpochMilli()));
        say(measured(2, Instant.parse("2000-01-01T00:00:00Z").toEpochMilli()));
        say(measured(3, NOW.toEpochMilli() + 300_000));
        say(measured(4, NOW.toEpochMilli() + 300_001));

        assertThat(expectedState().table("readings"))
                .extracting(Row::clamped)
                .containsExactly(true, false, false, true);
    }

    @Test
    void who_said_goodbye_is_away_until_it_sends_again() {
        say(new Observation.Status("gone", true));
        say(new Observation.Status("gone", false));
        say(new Observation.Status("d", false));
        say(measured(1, TIME));

        assertThat(expectedState().online())
                .containsEntry("gone", false)
                .containsEntry("d", true)
                .hasSize(2);
    }

    @Test
    void what_can_not_be_read_is_a_dead_letter_and_all_that_was_received_is_accounted_for() {
        say(measured(1, TIME));
        say(new Observation.Unreadable("sensors/d/m", "NaN"));
        say(new Observation.Unreadable("sensors/d/m", "NaN"));
        say(new Observation.Status("d", true));

        assertThat(expectedState().deadLetters()).containsEntry("sensors/d/m NaN", 2L);
        assertThat(expectedState().ledger())
                .containsEntry("received", 4L)
                .containsEntry("logged", 1L)
                .containsEntry("deadLettered", 2L)
                .containsEntry("presence", 1L);
    }

    private ExpectedState expectedState() {
        return ExpectedState.of(steps.iterator(), NOW);
    }

    private void say(Observation said) {
        steps.add(new Step.Publish(0, "d", "t", "", false, List.of(said)));
    }

    private static Observation measured(long seq, long timeMs) {
        return new Observation.Measured(new Reading("d", "m", seq, timeMs, 1), "");
    }
}
