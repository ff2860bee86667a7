package io.tidegate.simulator.web;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run did.
 *
 * @param sent lines handed to the outlet, failed ones included
 * @param failed of these, refused for good
 * @param damaged of the sent ones, those that were planned to be unreadable
 */
public record WebSummary(long sent, long failed, long damaged, Duration took) {

    private static final Pattern SENT = Pattern.compile("log lines: sent ([\\d,]+) · failed .*");

    /** How many were sent, as the line for people says; empty when it is another line. */
    public static OptionalLong sentIn(String line) {
        Matcher matcher = SENT.matcher(line);
        return matcher.matches()
                ? OptionalLong.of(Long.parseLong(matcher.group(1).replace(",", "")))
                : OptionalLong.empty();
    }

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
