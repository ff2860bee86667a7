package io.tidegate.gateway.admission;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves. Thread-safe. */
public final class ManualClock extends Clock {

    private final AtomicLong now;

    public ManualClock(long startMs) {
        now = new AtomicLong(startMs);
    }

    public void advance(long ms) {
        now.addAndGet(ms);
    }

    @Override
    public long millis() {
        return now.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a test needs no other zone");
    }
}
