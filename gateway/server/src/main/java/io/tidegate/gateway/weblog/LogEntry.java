package io.tidegate.gateway.weblog;

import io.tidegate.protocol.v1.Request;
import java.util.Optional;

/**
 * A request as a line of an access log tells it.
 *
 * @param timeUs when, in microseconds since the epoch; {@link #NO_TIME} when the line does not say
 */
public record LogEntry(long timeUs, Request request) {

    /** The line has no time. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** Whether the line has a time. */
    public boolean hasTime() {
        return timeUs != NO_TIME;
    }

    /** The same, with this host unless it names one. */
    LogEntry from(Optional<String> host) {
        return host.isEmpty() || request.hasHost()
                ? this
                : new LogEntry(timeUs, request.toBuilder().setHost(host.get()).build());
    }
}
