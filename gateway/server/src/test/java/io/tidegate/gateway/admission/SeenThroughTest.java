package io.tidegate.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.gateway.admission.SeenThrough.Receipts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SeenThroughTest {

    private final ManualClock clock = new ManualClock(1_000);
    private final SeenThrough seen = new SeenThrough(clock, Duration.ofMillis(100), 500);

    @Test
    void nothing_is_known_before_every_source_has_connected_and_settled() {
        Receipts a = seen.register("a");
        Receipts b = seen.register("b");
        a.connected();
        clock.advance(200);
        assertThat(seen.now()).isZero();

        b.connected();
        clock.advance(99);
        assertThat(seen.now()).isZero();

        clock.advance(1);
        assertThat(seen.now()).isEqualTo(1_300);
    }

    @Test
    void without_sources_nothing_is_known() {
        assertThat(seen.now()).isZero();
    }

    @Test
    void it_stays_at_the_oldest_receipt_that_is_not_durable() {
        Receipts a = settled("a");
        a.stamp();
        clock.advance(10);
        a.stamp();
        clock.advance(10);
        assertThat(seen.now()).isEqualTo(1_100);

        a.done(1);
        assertThat(seen.now()).isEqualTo(1_110);

        a.done(1);
        assertThat(seen.now()).isEqualTo(1_120);
    }

    @Test
    void a_source_that_is_away_and_then_settling_holds_it() {
        Receipts a = settled("a");
        a.disconnected();
        clock.advance(5_000);
        assertThat(seen.now()).isEqualTo(1_100);

        a.connected();
        clock.advance(99);
        assertThat(seen.now()).isEqualTo(1_100);

        clock.advance(1);
        assertThat(seen.now()).isEqualTo(6_200);
    }

    @Test
    void the_slowest_source_counts() {
        Receipts a = settled("a");
        Receipts b = settled("b");
        b.stamp();
        clock.advance(50);
        a.stamp();
        a.done(1);

        assertThat(seen.now()).isEqualTo(1_200);
    }

    @Test
    void a_source_that_registers_anew_forgets_what_was_in_flight_and_settles_again() {
        Receipts old = settled("a");
        old.stamp();
        Receipts anew = seen.register("a");
        clock.advance(1_000);
        assertThat(seen.now()).isLessThanOrEqualTo(1_100);

        anew.connected();
        clock.advance(100);
        assertThat(seen.now()).isEqualTo(2_200);

        old.disconnected();
        assertThat(seen.now()).isEqualTo(2_200);
    }

    @Test
    void stamps_never_step_back_even_when_the_clock_does() {
        Receipts a = settled("a");
        clock.advance(1_000);
        long before = a.stamp();
        clock.advance(-5_000);

        assertThat(a.stamp()).isEqualTo(before);
        assertThat(seen.clockMs()).isEqualTo(before);
    }

    @Test
    void stamps_begin_behind_the_newest_event_of_the_log() {
        SeenThrough later = new SeenThrough(clock, Duration.ZERO, 9_999);

        assertThat(later.register("a").stamp()).isEqualTo(9_999);
    }

    @Test
    void more_done_than_in_flight_is_a_defect() {
        Receipts a = settled("a");
        a.stamp();

        assertThatThrownBy(() -> a.done(2)).isInstanceOf(IllegalArgumentException.class);
        assertThat(a.inFlight()).isEqualTo(1);
    }

    private Receipts settled(String source) {
        Receipts receipts = seen.register(source);
        receipts.connected();
        clock.advance(100);
        return receipts;
    }
}
