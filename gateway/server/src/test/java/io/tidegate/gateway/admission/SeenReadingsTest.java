package io.tidegate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.admission.SeenReadings.Verdict;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.TimeSource;
import org.junit.jupiter.api.Test;

class SeenReadingsTest {

    private final SeenReadings remembered = new SeenReadings();

    @Test
    void the_same_number_and_time_is_a_duplicate_whatever_its_content() {
        remember(timed(7, 1_000, 20.0));

        assertThat(look(timed(7, 1_000, 99.0))).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void a_known_number_with_another_time_is_a_restart() {
        remember(timed(7, 1_000, 20.0));

        assertThat(look(timed(7, 2_000, 20.0))).isEqualTo(Verdict.RESTARTED);
    }

    @Test
    void an_unknown_number_is_new() {
        remember(timed(7, 1_000, 20.0));

        assertThat(look(timed(8, 1_000, 20.0))).isEqualTo(Verdict.NEW);
    }

    @Test
    void without_a_time_the_content_counts_for_ten_minutes() {
        remember(untimed(7, 20.0, 1_000_000));

        assertThat(look(untimed(7, 20.0, 1_600_000))).isEqualTo(Verdict.DUPLICATE);
        assertThat(look(untimed(7, 20.0, 1_600_001))).isEqualTo(Verdict.RESTARTED);
        assertThat(look(untimed(7, 21.0, 1_000_001))).isEqualTo(Verdict.RESTARTED);
    }

    @Test
    void a_time_that_was_clamped_is_none_since_it_differs_each_time_it_arrives() {
        remember(clamped(7, 20.0, 1_000_000));

        assertThat(look(clamped(7, 20.0, 1_005_000))).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void text_unit_and_the_absence_of_a_value_are_content() {
        Reading bare = Reading.newBuilder().setSeq(1).build();
        remember(received(bare, 0));

        assertThat(look(received(bare.toBuilder().setValue(0).build(), 0))).isEqualTo(Verdict.RESTARTED);
        assertThat(look(received(bare.toBuilder().setText("x").build(), 0))).isEqualTo(Verdict.RESTARTED);
        assertThat(look(received(bare.toBuilder().setUnit("x").build(), 0))).isEqualTo(Verdict.RESTARTED);
        assertThat(look(received(bare, 0))).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void a_reading_is_known_however_many_came_after_it() {
        for (int seq = 0; seq < 100_000; seq++) {
            remember(timed(seq, 1_000 + seq, 1.0));
        }

        assertThat(look(timed(0, 1_000, 1.0))).isEqualTo(Verdict.DUPLICATE);
        assertThat(look(timed(50_000, 51_000, 1.0))).isEqualTo(Verdict.DUPLICATE);
        assertThat(look(timed(99_999, 100_999, 1.0))).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void without_a_time_the_last_128_are_remembered_and_no_more() {
        for (int seq = 0; seq < 1_000; seq++) {
            remember(untimed(seq, 1.0, 1_000));
        }

        assertThat(look(untimed(872, 1.0, 1_000))).isEqualTo(Verdict.DUPLICATE);
        assertThat(look(untimed(871, 1.0, 1_000))).isEqualTo(Verdict.NEW);
    }

    @Test
    void among_the_last_128_another_time_within_the_span_of_the_run_is_told_apart() {
        for (int seq = 0; seq < 1_000; seq++) {
            remember(timed(seq, 1_000 + 10 * seq, 1.0));
        }

        assertThat(look(timed(900, 10_005, 1.0))).isEqualTo(Verdict.RESTARTED);
        assertThat(look(timed(900, 10_000, 1.0))).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void a_device_that_counts_anew_is_one_restart_and_both_its_runs_are_known() {
        for (int seq = 0; seq < 1_000; seq++) {
            remember(timed(seq, 1_000 + seq, 1.0));
        }
        assertThat(look(timed(0, 5_000, 1.0))).isEqualTo(Verdict.RESTARTED);
        for (int seq = 0; seq < 500; seq++) {
            remember(timed(seq, 5_000 + seq, 1.0));
            assertThat(look(timed(seq + 1, 5_001 + seq, 1.0))).isEqualTo(Verdict.NEW);
        }

        assertThat(look(timed(7, 1_007, 1.0))).isEqualTo(Verdict.DUPLICATE);
        assertThat(look(timed(7, 5_007, 1.0))).isEqualTo(Verdict.DUPLICATE);
        assertThat(look(timed(7, 9_007, 1.0))).isEqualTo(Verdict.RESTARTED);
    }

    @Test
    void a_device_whose_clock_steps_back_while_it_counts_anew_loses_nothing() {
        for (int seq = 0; seq < 10_000; seq++) {
            remember(timed(seq, 1_000 + seq, 1.0));
        }
        for (int seq = 0; seq < 500; seq++) {
            assertThat(look(timed(seq, 4_000 + seq, 1.0))).as("%d", seq).isNotEqualTo(Verdict.DUPLICATE);
            remember(timed(seq, 4_000 + seq, 1.0));
        }
    }

    private void remember(Event event) {
        remembered.remember(ReadingIdentity.of(event), KeyGroupFixture.ample());
    }

    private Verdict look(Event event) {
        return remembered.look(ReadingIdentity.of(event));
    }

    private static Event timed(long seq, long timeUs, double value) {
        return reading(seq, value)
                .setTimeUs(timeUs)
                .setTimeSource(TimeSource.DEVICE)
                .build();
    }

    private static Event untimed(long seq, double value, long receivedMs) {
        return received(reading(seq, value).getReading(), receivedMs);
    }

    private static Event clamped(long seq, double value, long receivedMs) {
        return untimed(seq, value, receivedMs).toBuilder()
                .setTimeSource(TimeSource.CLAMPED)
                .build();
    }

    private static Event received(Reading reading, long receivedMs) {
        return Event.newBuilder()
                .setReading(reading)
                .setReceivedMs(receivedMs)
                .setTimeUs(receivedMs * 1_000)
                .setTimeSource(TimeSource.RECEIVED)
                .build();
    }

    private static Event.Builder reading(long seq, double value) {
        return Event.newBuilder().setReading(Reading.newBuilder().setSeq(seq).setValue(value));
    }
}
