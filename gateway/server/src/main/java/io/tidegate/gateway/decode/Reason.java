package io.tidegate.gateway.decode;

import java.util.Locale;

/** Why a message became a dead letter: a bounded set, so that it can be a label of a metric. */
public enum Reason {
    /** The topic is the empty text: a topic alias nobody knows. */
    EMPTY_TOPIC,
    /** The topic holds a wildcard ({@code +} or {@code #}), a NUL or an unpaired surrogate. */
    TOPIC_CHARACTER,
    /** No route fits the topic, or a level that should name something is empty. */
    TOPIC_SHAPE,
    /** The topic has more levels than {@link Limits#topicLevels}. */
    TOPIC_TOO_DEEP,
    /** A device, a metric or a unit is longer than {@link Limits#nameLength}. */
    NAME_TOO_LONG,
    /** Nothing, or nothing but blanks. */
    EMPTY_PAYLOAD,
    /** More bytes than {@link Limits#payloadBytes}; of syslog, than its {@code max-message}. */
    PAYLOAD_TOO_LARGE,
    /** The payload is not UTF-8. */
    INVALID_UTF8,
    /** A text that cannot be kept: it holds a NUL or an unpaired surrogate. */
    INVALID_TEXT,
    /** Not JSON, not the kind of JSON that belongs on the topic, or something behind it. */
    INVALID_JSON,
    /** JSON that is nested too deep, or a text, name or number that is too long. */
    OVER_LIMIT,
    /** A key that appears twice, also after nested names were joined. */
    DUPLICATE_KEY,
    /** A message that holds no reading. */
    NO_VALUE,
    /** A metric whose name is no text. */
    UNSUPPORTED_VALUE,
    /** NaN, infinite, or beyond what a double holds. */
    NOT_FINITE,
    /** A time that is neither ISO-8601 with an offset nor a number. */
    INVALID_TIME,
    /** A sequence number that is no 64-bit integer. */
    INVALID_SEQ,
    /** A unit that is no text. */
    INVALID_UNIT,
    /** More readings than {@link Limits#readings} in one message. */
    TOO_MANY_READINGS,
    /** Lines or items behind the first {@link Limits.Pieces#events} of a body; nobody looked at them. */
    TOO_MANY_EVENTS,
    /** Lines or items that can't be read, beyond those that have a dead letter of their own. */
    TOO_MANY_REJECTIONS,
    /** A host that is longer than 253 bytes, or no name. */
    INVALID_HOST,
    /** A status that is neither {@code online} nor {@code offline}. */
    UNKNOWN_STATUS,
    /** A line that has the shape of no access log. */
    INVALID_LINE,
    /** A line that is longer than {@code weblogs.max-line}. */
    LINE_TOO_LONG,
    /** A line of a log that names nobody who asked. */
    NO_CLIENT,
    /** A W3C log's directive that says nothing. */
    NO_FIELDS,
    /** A reading, sent by HTTP, that names no device. */
    NO_DEVICE,
    /** Not a syslog message, or a connection that lost its thread. */
    INVALID_SYSLOG,
    /** A file that can't be read to its end: damaged, or nobody lets us. It is in quarantine. */
    FILE_UNREADABLE,
    /** A file that changed after it was taken as complete. It is in quarantine. */
    FILE_CHANGED,
    /** A mistake of ours: the decoder threw. The message is kept, the stream goes on. */
    DECODER_FAILED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The reason as people and metrics see it: {@code invalid-json}. */
    public String label() {
        return label;
    }
}
