package io.tidegate.simulator.fleet;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run did. Law: {@code sent = acknowledged + failed} and {@code sent >= duplicates + outOfOrder}.
 *
 * @param sent messages handed to the transport, repeated ones included
 * @param acknowledged of these, by the broker
 * @param failed refused by the broker, or not acknowledged when the run ended
 * @param duplicates of the sent ones, those that repeat another
 * @param outOfOrder of the sent ones, those that a newer reading of their device overtook
 */
public record Summary(long sent, long acknowledged, long failed, long duplicates, long outOfOrder, Duration took) {

    private static final Pattern SENT = Pattern.compile("sent ([\\d,]+) · acknowledged .*");

    /** How many were sent, as the line for people says; empty when it is another line. */
    public static OptionalLong sentIn(String line) {
        Matcher matcher = SENT.matcher(line);
        return matcher.matches()
                ? OptionalLong.of(Long.parseLong(matcher.group(1).replace(",", "")))
                : OptionalLong.empty();
    }

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
