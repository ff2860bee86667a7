package io.tidegate.simulator.web;

import java.time.Duration;
import java.util.Locale;

/**
 * What a run did.
 *
 * @param sent lines handed to the sink, failed ones included
 * @param failed of these, refused for good
 * @param damaged of the sent ones, those that were planned to be unreadable
 */
public record WebSummary(long sent, long failed, long damaged, Duration took) {

    /** One line for people. */
    @Override
    public String toString() {
        double seconds = Math.max(1, took.toMillis()) / 1e3;
        return String.format(
                Locale.ROOT,
                "log lines: sent %,d · failed %,d · damaged on purpose %,d · %.1f s · %,.0f lines/s",
                sent,
                failed,
                damaged,
                seconds,
                sent / seconds);
    }
}
