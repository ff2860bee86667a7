package io.tidegate.gateway.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.junit.Seed;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick way says what the formatter says, or nothing. */
class UtcTimestampTest {

    @Test
    void any_time_of_four_digit_years_is_read_as_the_formatter_reads_it() {
        var random = Seed.of("utc text").random();
        long first = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
        long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        for (int i = 0; i < 20_000; i++) {
            long second = first + (long) (random.nextDouble() * (last - first));
            Instant instant = Instant.ofEpochSecond(second, random.nextInt(1_000_000_000));
            LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            for (String fraction : List.of("", ".S", ".SSS", ".SSSSSS", ".SSSSSSSSS")) {
                String text = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss" + fraction + "'Z'")
                        .format(time);

                Instant parsed = Instant.parse(text);
                assertThat(UtcTimestamp.micros(text))
                        .as(text)
                        .isEqualTo(parsed.getEpochSecond() * 1_000_000 + parsed.getNano() / 1_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-11-22T10:00:00",
                "2026-11-22T10:00Z",
                "2026-11-22T10:00:00+01:00",
                "2026-11-22t10:00:00z",
                "2026-11-22T10:00:00.Z",
                "2026-11-22T10:00:00,5Z",
                "2026-11-22T10:00:00.1234567890Z",
                "2026-11-22T10:00:00.12x4Z",
                "2026-11-22T24:00:00Z",
                "2026-11-22T10:60:00Z",
                "2026-11-22T10:00:60Z",
                "2026-13-01T10:00:00Z",
                "2026-00-01T10:00:00Z",
                "2026-11-00T10:00:00Z",
                "2026-11-31T10:00:00Z",
                "2026-02-29T10:00:00Z",
                "+2026-11-22T10:00:0Z",
                "2026-11-22 10:00:00Z",
                "２026-11-22T10:00:00Z"
            })
    void everything_else_is_left_to_the_formatter(String text) {
        assertThat(UtcTimestamp.micros(text)).isEqualTo(UtcTimestamp.OTHER);
    }
}
