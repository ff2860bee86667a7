package io.tidegate.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AmountTest {

    @Test
    void a_duration_is_written_in_the_largest_unit_that_needs_no_fraction() {
        assertThat(List.of(
                        Amount.of(Duration.ZERO),
                        Amount.of(Duration.ofNanos(1)),
                        Amount.of(Duration.ofMillis(1500)),
                        Amount.of(Duration.ofSeconds(90)),
                        Amount.of(Duration.ofSeconds(120)),
                        Amount.of(Duration.ofHours(2)),
                        Amount.of(Duration.ofDays(7))))
                .containsExactly("0s", "1ns", "1500ms", "90s", "2m", "2h", "7d");
    }

    @Test
    void a_size_is_written_in_the_largest_unit_that_needs_no_fraction() {
        assertThat(List.of(Amount.ofBytes(0), Amount.ofBytes(1000), Amount.ofBytes(1 << 20), Amount.ofBytes(3L << 40)))
                .containsExactly("0B", "1000B", "1MiB", "3TiB");
    }

    @Test
    void an_open_range_has_no_upper_end() {
        assertThat(Amount.range("1", "2", true)).isEqualTo("from 1 to 2");
        assertThat(Amount.range("1", "2", false)).isEqualTo("1 or more");
    }
}
