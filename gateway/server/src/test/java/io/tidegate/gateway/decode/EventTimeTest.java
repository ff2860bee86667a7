package io.tidegate.gateway.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.protocol.v1.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

    private static final Instant RECEIPT = Instant.parse("2026-11-22T10:00:00Z");
    private static final long NOW = RECEIPT.toEpochMilli();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T09:00:00Z",
                "2026-11-22T09:00:00.000Z",
                "2026-11-22T10:00:00+01:00",
                "2026-11-22T10:00:00+0100",
                "2026-11-22T10:00+01",
                "2026-11-22t09:00:00z",
            })
    void iso_8601_with_an_offset_is_the_devices_time(String text) throws MalformedInput {
        assertThat(EventTime.ofText(text, NOW))
                .isEqualTo(new EventTime(micros(RECEIPT.minus(1, ChronoUnit.HOURS)), TimeSource.DEVICE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-11-22", "10:00", "2026-11-22T10:00:00", "2026-13-01T00:00:00Z", "1795341600"})
    void a_text_without_date_time_and_offset_is_no_time(String text) {
        assertThatThrownBy(() -> EventTime.ofText(text, NOW)).isInstanceOf(MalformedInput.class);
    }

    @Property
    void a_number_is_seconds_millis_micros_or_nanos_by_its_size(
            @ForAll @LongRange(min = 946_684_800_000_000L, max = 1_795_341_600_000_000L) long micros) {
        EventTime exact = new EventTime(micros, TimeSource.DEVICE);
        EventTime milli = new EventTime(micros / 1000 * 1000, TimeSource.DEVICE);
        EventTime second = new EventTime(micros / 1_000_000 * 1_000_000, TimeSource.DEVICE);

        assertThat(EventTime.ofNumber(micros * 1000 + 999, NOW)).isEqualTo(exact);
        assertThat(EventTime.ofNumber(micros, NOW)).isEqualTo(exact);
        assertThat(EventTime.ofNumber(micros / 1000, NOW)).isEqualTo(milli);
        assertThat(EventTime.ofNumber(micros / 1_000_000, NOW)).isEqualTo(second);
    }

    @Property
    void seconds_may_have_a_fraction_down_to_the_microsecond(
            @ForAll @LongRange(min = 946_684_800_000_000L, max = 1_795_341_600_000_000L) long micros)
            throws MalformedInput {
        double seconds = Double.parseDouble("%d.%06d".formatted(micros / 1_000_000, micros % 1_000_000));

        assertThat(EventTime.ofNumber(seconds, NOW)).isEqualTo(new EventTime(micros, TimeSource.DEVICE));
    }

    @Test
    void before_2000_is_the_time_of_receipt_flagged() throws MalformedInput {
        assertThat(EventTime.ofText("1999-12-31T23:59:59.999999Z", NOW)).isEqualTo(clamped());
        assertThat(EventTime.ofText("2000-01-01T00:00:00Z", NOW).source()).isEqualTo(TimeSource.DEVICE);
        assertThat(EventTime.ofText("1970-01-01T00:00:05Z", NOW)).isEqualTo(clamped());
        assertThat(EventTime.ofNumber(5, NOW)).isEqualTo(clamped());
        assertThat(EventTime.ofNumber(-5.5, NOW)).isEqualTo(clamped());
        assertThat(EventTime.ofNumber(Long.MIN_VALUE, NOW)).isEqualTo(clamped());
    }

    @Test
    void more_than_five_minutes_ahead_is_the_time_of_receipt_flagged() throws MalformedInput {
        assertThat(EventTime.ofText("2026-11-22T10:05:00Z", NOW).source()).isEqualTo(TimeSource.DEVICE);
        assertThat(EventTime.ofText("2026-11-22T10:05:00.000001Z", NOW)).isEqualTo(clamped());
        assertThat(EventTime.ofText("2099-01-01T00:00:00Z", NOW)).isEqualTo(clamped());
        assertThat(EventTime.ofText("+999999999-01-01T00:00:00Z", NOW)).isEqualTo(clamped());
        assertThat(EventTime.ofNumber(4_070_908_800L, NOW)).isEqualTo(clamped());
        assertThat(EventTime.ofNumber(Long.MAX_VALUE, NOW)).isEqualTo(clamped());
    }

    @Test
    void a_day_of_history_is_welcome() throws MalformedInput {
        assertThat(EventTime.ofText("2026-11-21T10:00:00Z", NOW))
                .isEqualTo(new EventTime(micros(RECEIPT.minus(1, ChronoUnit.DAYS)), TimeSource.DEVICE));
    }

    private static EventTime clamped() {
        return new EventTime(micros(RECEIPT), TimeSource.CLAMPED);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
