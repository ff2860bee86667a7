package io.tidegate.gateway.keygroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.keygroup.Remembered.Verdict;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.TimeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RememberedTest {

    private final Remembered remembered = new Remembered();

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
    void the_last_128_are_remembered_and_no_more() {
        for (int seq = 0; seq < 1_000; seq++) {
            remember(timed(seq, 1_000 + seq, 1.0));
        }

        assertThat(look(timed(872, 1_872, 1.0))).isEqualTo(Verdict.DUPLICATE);
        assertThat(look(timed(999, 1_999, 1.0))).isEqualTo(Verdict.DUPLICATE);
        assertThat(look(timed(871, 1_871, 1.0))).isEqualTo(Verdict.NEW);
    }

    @Test
    void numbers_that_rise_fall_and_start_again_are_judged_as_by_a_plain_list() {
        Random random = new Random(7);
        Deque<Event> last = new ArrayDeque<>();
        long seq = 0;
        for (int i = 0; i < 20_000; i++) {
            seq = random.nextInt(300) == 0 ? random.nextInt(1_000) : seq + random.nextInt(4) - 1;
            Event event = timed(seq, 1_000 + random.nextInt(2), 1.0);
            long number = seq;

            assertThat(look(event))
                    .as("%d: %d", i, seq)
                    .isEqualTo(
                            last.stream().anyMatch(event::equals)
                                    ? Verdict.DUPLICATE
                                    : last.stream()
                                                    .anyMatch(known ->
                                                            known.getReading().getSeq() == number)
                                            ? Verdict.RESTARTED
                                            : Verdict.NEW);
            remember(event);
            last.addLast(event);
            if (last.size() > 128) {
                last.removeFirst();
            }
        }
    }

    private void remember(Event event) {
        remembered.remember(Identity.of(event));
    }

    private Verdict look(Event event) {
        return remembered.look(Identity.of(event));
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
