package io.tidegate.gateway.decode.accesslog;

import io.tidegate.protocol.v1.Request;
import java.util.Optional;

/**
 * A request as a line of an access log tells it.
 *
 * @param timeUs when, in microseconds since the epoch; {@link #NO_TIME} when the line does not say
 */
public record AccessLogEntry(long timeUs, Request request) {

    /** The line has no time. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** Whether the line has a time. */
    public boolean hasTime() {
        return timeUs != NO_TIME;
    }

    /** The same, with this host unless it names one. */
    AccessLogEntry from(Optional<String> host) {
        return host.isEmpty() || request.hasHost()
                ? this
                : new AccessLogEntry(
                        timeUs, request.toBuilder().setHost(host.get()).build());
    }
}
