package io.tidegate.spark.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.protocol.v1.Credit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CreditsTest {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final Credits credits = new Credits(1000, 50_000, 0);

    @Test
    void without_a_limit_the_bounds_are_granted_at_once_and_no_more() {
        assertThat(credits.grant(UNLIMITED, 0)).hasValue(credit(1000, 50_000));
        assertThat(credits.grant(UNLIMITED, 10_000)).isEmpty();
    }

    @Test
    void what_was_received_is_granted_again_in_helpings() {
        assertThat(credits.grant(UNLIMITED, 0)).isPresent();

        credits.received(100, 100);
        assertThat(credits.grant(UNLIMITED, 100)).isEmpty();
        credits.received(100, 100);
        assertThat(credits.grant(UNLIMITED, 200)).hasValue(credit(200, 200));
    }

    @Test
    void a_frame_that_overdrew_is_paid_for_first() {
        assertThat(credits.grant(UNLIMITED, 0)).isPresent();

        credits.received(1500, 70_000);

        assertThat(credits.grant(UNLIMITED, 1000)).hasValue(credit(1000, 70_000));
        assertThat(credits.grant(UNLIMITED, 2000)).hasValue(credit(500, 1));
    }

    @Test
    void bytes_are_granted_even_when_events_are_plenty() {
        assertThat(credits.grant(UNLIMITED, 0)).isPresent();

        credits.received(1, 50_000);

        assertThat(credits.grant(UNLIMITED, 100)).hasValue(credit(1, 50_000));
    }

    @Test
    void a_rate_of_one_or_less_grants_nothing() {
        assertThat(credits.grant(1, 10_000)).isEmpty();
        assertThat(credits.grant(0, 20_000)).isEmpty();
    }

    @Property
    void over_time_no_more_is_granted_than_the_rate_and_one_second_ahead(
            @ForAll @LongRange(min = 2, max = 5000) long rate) {
        Credits fresh = new Credits(1000, 1 << 30, 0);
        long granted = 0;

        for (long ms = 0; ms <= 10_000; ms += 20) {
            Credit credit = fresh.grant(rate, ms).orElse(Credit.getDefaultInstance());
            granted += credit.getEvents();
            fresh.received(credit.getEvents(), credit.getBytes());
        }

        long most = rate * 10 + rate;
        assertThat(granted).isLessThanOrEqualTo(most).isGreaterThan(Math.min(rate * 10, 100_000) * 8 / 10 - 2);
    }

    @Test
    void a_limit_that_falls_lets_less_wait_ahead() {
        assertThat(credits.grant(100, 0)).hasValue(credit(10, 50_000)); // a tenth of a second's worth at once
        assertThat(credits.grant(100, 20)).isEmpty();
        assertThat(credits.grant(100, 5_000)).hasValue(credit(90, 1));
        assertThat(credits.grant(100, 50_000)).isEmpty();
    }

    @Test
    void what_was_granted_before_the_rate_fell_is_not_read_faster_than_the_new_rate() {
        assertThat(credits.grant(UNLIMITED, 0)).hasValue(credit(1000, 50_000));
        assertThat(credits.hold()).isFalse();

        long received = 0;
        for (long ms = 20; ms <= 3_000; ms += 20) {
            var unused = credits.grant(100, ms);
            if (!credits.hold()) {
                credits.received(20, 20);
                received += 20;
            }
        }

        assertThat(received).isBetween(3 * 100L, 100 + 3 * 100 + 20L);
    }

    @Test
    void a_rate_of_one_or_less_leaves_everything_unread() {
        assertThat(credits.grant(1, 10_000)).isEmpty();
        assertThat(credits.hold()).isTrue();
        assertThat(credits.grant(UNLIMITED, 10_020)).isPresent();
        assertThat(credits.hold()).isFalse();
    }

    private static Credit credit(long events, long bytes) {
        return Credit.newBuilder().setEvents(events).setBytes(bytes).build();
    }
}
