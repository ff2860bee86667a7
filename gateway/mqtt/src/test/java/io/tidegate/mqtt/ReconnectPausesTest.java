package io.tidegate.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** M7 and M11 of the fault catalogue: how often a broker is bothered. */
class ReconnectPausesTest {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration SLOW = Duration.ofMinutes(1);

    /** Always half of the bound. */
    private final ReconnectPauses pauses =
            new ReconnectPauses(FIRST, Duration.ofSeconds(30), SLOW, (RandomGenerator) () -> 0L);

    @Test
    void failed_attempts_double_the_pause_up_to_its_limit_and_a_connection_makes_it_short_again() {
        assertThat(pauses.afterFailure()).isEqualTo(Duration.ofMillis(250));
        assertThat(pauses.afterFailure()).isEqualTo(Duration.ofMillis(500));
        for (int i = 0; i < 20; i++) {
            pauses.afterFailure();
        }
        assertThat(pauses.afterFailure()).isEqualTo(Duration.ofSeconds(15));

        pauses.connected();

        assertThat(pauses.afterFailure()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void a_broker_that_cuts_what_it_has_just_accepted_is_asked_less_and_less_and_then_left_in_peace() {
        assertThat(cutYoung()).isEqualTo(Duration.ofMillis(250));
        assertThat(cutYoung()).isEqualTo(Duration.ofMillis(500));
        assertThat(cutYoung()).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauses.isContested()).isFalse();
        assertThat(cutYoung()).isEqualTo(SLOW);
        assertThat(pauses.isContested()).isTrue();
        assertThat(cutYoung()).isEqualTo(SLOW);
    }

    @Test
    void a_connection_that_has_lasted_ends_the_suspicion_and_its_own_loss_is_no_new_one() {
        cutYoung();
        cutYoung();
        cutYoung();
        cutYoung();
        assertThat(pauses.isContested()).isTrue();
        pauses.connected();
        pauses.settled();
        assertThat(pauses.isContested()).isFalse();

        assertThat(pauses.afterLoss(false)).isEqualTo(Duration.ofMillis(250));
        cutYoung();
        cutYoung();
        assertThat(pauses.isContested()).isFalse();
    }

    @Test
    void what_has_worked_may_come_back_soon_but_not_for_ever() {
        cutYoung();
        assertThat(cutYoung()).isEqualTo(Duration.ofMillis(500));
        pauses.afterFailure();

        for (int i = 0; i < 3; i++) {
            pauses.connected();
            assertThat(pauses.afterLoss(true)).isEqualTo(Duration.ofMillis(250));
        }
        pauses.connected();
        assertThat(pauses.afterLoss(true)).isEqualTo(SLOW);
    }

    @Test
    void whoever_could_not_connect_in_between_has_no_rival() {
        cutYoung();
        cutYoung();
        cutYoung();
        pauses.afterFailure();

        cutYoung();

        assertThat(pauses.isContested()).isFalse();
    }

    private Duration cutYoung() {
        pauses.connected();
        return pauses.afterLoss(false);
    }
}
