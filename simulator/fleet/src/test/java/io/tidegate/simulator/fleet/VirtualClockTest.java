package io.tidegate.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VirtualClockTest {
    @Test
    void virtual_time_is_faster_and_stands_still_while_it_is_held() throws Exception {
        AtomicLong nanos = new AtomicLong(5_000_000_000L);
        VirtualClock time = new VirtualClock(10, new CountDownLatch(1), nanos::get);

        assertThat(time.waitNanos(20_000)).isEqualTo(2_000_000_000L);
        nanos.addAndGet(500_000_000L);
        time.hold(() -> nanos.addAndGet(3_000_000_000L));
        assertThat(time.waitNanos(20_000)).isEqualTo(1_500_000_000L);
        assertThat(time.waitNanos(1_000)).isNegative();
    }
}
