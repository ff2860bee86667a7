package io.tidegate.gateway.admission;

import java.util.HashMap;
import java.util.Map;

/**
 * The greatest event time less the bound on disorder, over the sources that are not idle: the slowest of them counts. It
 * never steps back. Not thread-safe.
 */
final class Watermark {

    private final long outOfOrdernessMs;
    private final long idleMs;
    private final Map<String, Progress> sources = new HashMap<>();
    private long watermarkMs;

    Watermark(KeyGroupSettings settings, long startMs) {
        this.outOfOrdernessMs = settings.outOfOrderness().toMillis();
        this.idleMs = settings.sourceIdle().toMillis();
        this.watermarkMs = startMs;
    }

    /** A source sent an event. */
    void sent(String source, long eventMs, long receivedMs) {
        sources.merge(
                source,
                new Progress(eventMs, receivedMs),
                (old, now) -> new Progress(Math.max(old.eventMs, eventMs), Math.max(old.receivedMs, receivedMs)));
    }

    /** The watermark at a time of the gateway's clock. */
    long at(long nowMs) {
        sources.values().stream()
                .filter(source -> nowMs - source.receivedMs < idleMs)
                .mapToLong(Progress::eventMs)
                .min()
                .ifPresent(least -> watermarkMs = Math.max(watermarkMs, least - outOfOrdernessMs));
        return watermarkMs;
    }

    private record Progress(long eventMs, long receivedMs) {}
}
