package io.tidegate.gateway.decode.accesslog;

import java.util.Locale;

/** What a key of a JSON access log may stand for. */
public enum JsonField {
    /** A whole line of a log, which a shipper has wrapped ({@code log}, {@code message}); counts when nobody names a client. */
    LINE,
    /** Address or name of the client; required. */
    CLIENT,
    /** The virtual host. */
    HOST,
    /** The authenticated user. */
    USER,
    /** The whole request line, {@code GET /x HTTP/1.1}. */
    REQUEST,
    /** The method. */
    METHOD,
    /** The target: path and query. */
    URI,
    /** The query, where it stands alone. */
    QUERY,
    /** {@code HTTP/1.1}. */
    PROTOCOL,
    /** The status; a number, or one in quotes. */
    STATUS,
    /** The size of the response in bytes. */
    BYTES,
    /** The referer. */
    REFERER,
    /** The agent. */
    AGENT,
    /** ISO-8601 with an offset, {@code 17/May/2015:10:05:03 +0000}, or seconds since the epoch. */
    TIME,
    /** How long it took, in seconds. */
    DURATION_SECONDS,
    /** How long it took, in milliseconds. */
    DURATION_MILLISECONDS,
    /** How long it took, in microseconds. */
    DURATION_MICROSECONDS,
    /** How long it took, in nanoseconds. */
    DURATION_NANOSECONDS;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in configuration: {@code duration-seconds}. */
    public String label() {
        return label;
    }
}
