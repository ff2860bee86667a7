package io.tidegate.gateway.admission;

import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.TimeSource;
import java.time.Duration;

/** One key group with small limits. */
final class KeyGroupFixture {

    private KeyGroupFixture() {}

    /** Silence after 10 s, 5 s of disorder, idle after 30 s; two devices of three metrics. */
    static KeyGroupSettings settings() {
        return new KeyGroupSettings(
                1,
                2,
                Duration.ofSeconds(60),
                3,
                64 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ZERO);
    }

    /** As much memory as anybody wants. */
    static MemoryBudget ample() {
        return new MemoryBudget(Long.MAX_VALUE, by -> {});
    }

    static Event reading(String device, String metric, long seq, long timeMs, long receivedMs) {
        return Event.newBuilder()
                .setTimeUs(timeMs * 1_000)
                .setReceivedMs(receivedMs)
                .setTimeSource(TimeSource.DEVICE)
                .setReading(Reading.newBuilder()
                        .setDevice(device)
                        .setMetric(metric)
                        .setValue(1)
                        .setSeq(seq))
                .build();
    }
}
