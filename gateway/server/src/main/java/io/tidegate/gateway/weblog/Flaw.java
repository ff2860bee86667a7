package io.tidegate.gateway.weblog;

/** Why a line is no entry of an access log: a bounded set, so that it can be a label of a metric. */
public enum Flaw {
    /** It does not have the shape of its format: something is missing, left over or in another place. */
    INVALID_LINE,
    /** Longer than {@link WeblogSettings#lineBytes}. */
    LINE_TOO_LONG,
    /** A time that is none. */
    INVALID_TIME,
    /** Begins as JSON and is none, or has a key twice. */
    INVALID_JSON,
    /** JSON that is nested too deep, or a text or number that is too long. */
    OVER_LIMIT,
    /** Nobody is named who asked: the client is the key of a request. */
    NO_CLIENT,
    /** A W3C line without a {@code #Fields} directive before it, or a directive that says nothing. */
    NO_FIELDS
}
