package io.tidegate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatermarkTest {

    private final Watermark watermark = new Watermark(KeyGroupFixture.settings(), 100);

    @Test
    void it_is_the_greatest_event_time_less_the_bound_on_disorder() {
        watermark.sent("a", 50_000, 60_000);
        watermark.sent("a", 40_000, 60_000);

        assertThat(watermark.at(60_000)).isEqualTo(45_000);
    }

    @Test
    void the_slowest_source_counts_until_it_is_idle() {
        watermark.sent("slow", 20_000, 60_000);
        watermark.sent("fast", 90_000, 60_000);
        assertThat(watermark.at(60_000)).isEqualTo(15_000);

        watermark.sent("fast", 91_000, 90_000);
        assertThat(watermark.at(90_000)).isEqualTo(86_000);
    }

    @Test
    void it_never_steps_back() {
        watermark.sent("a", 50_000, 60_000);
        watermark.at(60_000);
        watermark.sent("b", 10_000, 61_000);

        assertThat(watermark.at(61_000)).isEqualTo(45_000);
        assertThat(watermark.at(999_000)).isEqualTo(45_000);
    }

    @Test
    void it_starts_where_the_log_left_it() {
        assertThat(watermark.at(60_000)).isEqualTo(100);
    }
}
