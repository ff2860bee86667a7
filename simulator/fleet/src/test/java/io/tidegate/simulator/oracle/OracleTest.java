package io.tidegate.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.fleet.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OracleTest {
    private static final Duration GAP = Duration.ofSeconds(5);

    @Test
    void totals_are_computed_per_key() {
        List<Reading> readings = List.of(
                temperature("d1", 1, 1_000, 10),
                temperature("d1", 2, 3_000, 30),
                humidity("d1", 3, 2_000, 50),
                temperature("d2", 1, 9_000, -4));

        assertThat(Oracle.totals(readings, reading -> List.of(reading.device(), reading.metric())))
                .isEqualTo(Map.of(
                        List.of("d1", "temperature"), new Totals(2, 40, 20, 10, 30, 1_000, 3_000),
                        List.of("d1", "humidity"), new Totals(1, 50, 50, 50, 50, 2_000, 2_000),
                        List.of("d2", "temperature"), new Totals(1, -4, -4, -4, -4, 9_000, 9_000)));
        assertThat(Oracle.totals(readings, Reading::metric))
                .containsEntry("temperature", new Totals(3, 36, 12, -4, 30, 1_000, 9_000));
        assertThat(Oracle.totals(readings, reading -> "all"))
                .containsExactly(Map.entry("all", new Totals(4, 86, 21.5, -4, 50, 1_000, 9_000)));
    }

    @Test
    void a_reading_that_was_sent_twice_counts_once() {
        Reading reading = temperature("d1", 1, 1_000, 10);

        assertThat(Oracle.totals(List.of(reading, reading), Reading::device))
                .containsExactly(Map.entry("d1", new Totals(1, 10, 10, 10, 10, 1_000, 1_000)));
        assertThat(Oracle.sessions(List.of(reading, reading), GAP))
                .singleElement()
                .extracting(Session::events)
                .isEqualTo(1L);
    }

    @Test
    void a_known_seq_with_another_time_is_another_reading() {
        List<Reading> readings = List.of(temperature("d1", 1, 1_000, 10), temperature("d1", 1, 2_000, 10));

        assertThat(Oracle.distinct(readings)).isEqualTo(readings);
    }

    @Test
    void a_sum_is_exact_before_it_is_rounded() {
        List<Reading> readings =
                List.of(temperature("d1", 1, 1, 1e16), temperature("d1", 2, 2, 1), temperature("d1", 3, 3, -1e16));

        assertThat(Oracle.totals(readings, Reading::device))
                .containsExactly(Map.entry("d1", new Totals(3, 1, 1.0 / 3, -1e16, 1e16, 1, 3)));
    }

    @Test
    void a_pause_as_long_as_the_gap_keeps_a_session_and_a_longer_one_ends_it() {
        List<Reading> readings = List.of(
                temperature("d1", 1, 0, 1),
                temperature("d1", 2, 5_000, 2),
                humidity("d1", 3, 10_001, 3),
                temperature("d2", 1, 7_000, 4));

        assertThat(Oracle.sessions(readings, GAP))
                .containsExactly(
                        new Session("d1", 0, 5_000, 2, Map.of("temperature", new Totals(2, 3, 1.5, 1, 2, 0, 5_000))),
                        new Session(
                                "d1", 10_001, 10_001, 1, Map.of("humidity", new Totals(1, 3, 3, 3, 3, 10_001, 10_001))),
                        new Session(
                                "d2", 7_000, 7_000, 1, Map.of("temperature", new Totals(1, 4, 4, 4, 4, 7_000, 7_000))));
    }

    @Test
    void the_order_of_arrival_does_not_matter_to_sessions() {
        List<Reading> readings =
                List.of(temperature("d1", 3, 9_000, 3), temperature("d1", 1, 0, 1), temperature("d1", 2, 4_500, 2));

        assertThat(Oracle.sessions(readings, GAP))
                .containsExactly(
                        new Session("d1", 0, 9_000, 3, Map.of("temperature", new Totals(3, 6, 2, 1, 3, 0, 9_000))));
    }

    private static Reading temperature(String device, long seq, long timeMs, double value) {
        return new Reading(device, "temperature", seq, timeMs, value);
    }

    private static Reading humidity(String device, long seq, long timeMs, double value) {
        return new Reading(device, "humidity", seq, timeMs, value);
    }
}
