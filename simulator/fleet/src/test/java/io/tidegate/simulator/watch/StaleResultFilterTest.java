package io.tidegate.simulator.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StaleResultFilterTest {
    private final StaleResultFilter newest = new StaleResultFilter();

    @Test
    void a_lower_batch_on_a_retained_topic_is_no_news() {
        assertThat(newest.isNews(result("tidegate/totals/t/d1", 2_000))).isTrue();
        assertThat(newest.isNews(result("tidegate/totals/t/d1", 1_000))).isFalse();
        assertThat(newest.isNews(result("tidegate/totals/t/d1", 2_000))).isTrue();
        assertThat(newest.isNews(result("tidegate/totals/t/d1", 3_000))).isTrue();
    }

    @Test
    void topics_do_not_disturb_each_other() {
        assertThat(newest.isNews(result("tidegate/totals/t/d1", 2_000))).isTrue();
        assertThat(newest.isNews(result("tidegate/totals/t/d2", 1_000))).isTrue();
    }

    @Test
    void topics_that_are_not_retained_and_results_without_a_batch_are_always_news() {
        assertThat(newest.isNews(result("tidegate/windows/w/d1", 2_000))).isTrue();
        assertThat(newest.isNews(result("tidegate/windows/w/d1", 1_000))).isTrue();
        assertThat(newest.isNews(Result.of("tidegate/devices/d1/presence", "{}".getBytes(StandardCharsets.UTF_8))))
                .isTrue();
    }

    private static Result result(String topic, long batch) {
        return Result.of(topic, ("{\"batch\":" + batch + "}").getBytes(StandardCharsets.UTF_8));
    }
}
