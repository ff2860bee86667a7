package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatewayOptionsTest {

    @Test
    void the_defaults_are_the_documented_ones() {
        assertThat(GatewayOptions.of("g"))
                .isEqualTo(new GatewayOptions("g", 0, 200_000, 33_554_432, Duration.ofMillis(200), 50_000));
    }

    @Test
    void key_groups_credit_and_interval_can_be_changed() {
        assertThat(GatewayOptions.of("g").withKeyGroups(4).withCredit(5, 6).withBlockInterval(Duration.ofMillis(7)))
                .isEqualTo(new GatewayOptions("g", 4, 5, 6, Duration.ofMillis(7), 50_000));
    }

    @Test
    void an_option_that_can_not_work_is_refused_by_name_value_and_expectation() {
        assertThatThrownBy(() -> GatewayOptions.of("g").withCredit(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxEvents: 0 (expected: 1 or more)");
        assertThatThrownBy(() -> GatewayOptions.of(" ")).hasMessage("group:   (expected: a name)");
    }
}
