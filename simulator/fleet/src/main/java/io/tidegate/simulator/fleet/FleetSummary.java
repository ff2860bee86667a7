package io.tidegate.simulator.fleet;

import java.time.Duration;
import java.util.Locale;

/**
 * What a run did. Law: {@code sent = acknowledged + failed} and {@code sent >= duplicates + outOfOrder}.
 *
 * @param sent messages handed to the transport, repeated ones included
 * @param acknowledged of these, by the broker
 * @param failed refused by the broker, or not acknowledged when the run ended
 * @param duplicates of the sent ones, those that repeat another
 * @param outOfOrder of the sent ones, those that a newer reading of their device overtook
 */
public record FleetSummary(long sent, long acknowledged, long failed, long duplicates, long outOfOrder, Duration took) {

    /** Messages a second. */
    public double rate() {
        return took.isZero() ? 0 : sent * 1e9 / took.toNanos();
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "sent %,d · acknowledged %,d · failed %,d · duplicates %,d · out of order %,d · %.1f s · %,.0f events/s",
                sent,
                acknowledged,
                failed,
                duplicates,
                outOfOrder,
                took.toMillis() / 1e3,
                rate());
    }
}
