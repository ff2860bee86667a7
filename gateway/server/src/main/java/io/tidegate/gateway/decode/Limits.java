package io.tidegate.gateway.decode;

import com.fasterxml.jackson.core.StreamReadConstraints;
import io.tidegate.settings.Section;

/**
 * What a message may cost, checked before or while it is parsed, never after.
 *
 * @param payloadBytes the largest payload in bytes
 * @param readings the most readings in one message
 * @param topicLevels the most levels of a topic
 * @param nameLength the most characters of a device, a metric or a unit
 * @param pieces what a message or body of many lines or items may cost
 */
public record Limits(int payloadBytes, int readings, int topicLevels, int nameLength, Pieces pieces) {

    /**
     * What one message, request body or batch that consists of many lines or items may cost.
     *
     * @param events the most lines, items and readings that are looked at
     * @param rejections the most of them that become a dead letter each; the others share one
     * @param rejectedBytes the most bytes that those dead letters keep together
     */
    public record Pieces(int events, int rejections, int rejectedBytes) {

        /** The defaults of the settings. */
        public static final Pieces USUAL = new Pieces(100_000, 100, 1 << 20);
    }

    /** The usual limits for what consists of many lines. */
    public Limits(int payloadBytes, int readings, int topicLevels, int nameLength) {
        this(payloadBytes, readings, topicLevels, nameLength, Pieces.USUAL);
    }

    /** The longest text value, in characters. */
    public static final int TEXT_LENGTH = 64 * 1024;

    /** How many bytes are kept of a line that cannot be read, at most: as many as a dead letter keeps. */
    static final int RAW_BYTES = 64 << 10;

    private static final int JSON_DEPTH = 64;
    private static final int JSON_NAME = 256;
    private static final int NUMBER_LENGTH = 64;

    /** Reads {@code tidegate.gateway.limits}. */
    public static Limits from(Section section) {
        return new Limits(
                (int) section.bytes("payload", 1, 16 << 20),
                section.integer("readings", 1, 100_000),
                section.integer("topic-levels", 1, 128),
                section.integer("name-length", 1, JSON_NAME),
                new Pieces(
                        section.integer("body-events", 1, 10_000_000), section.integer("rejections", 1, 100_000), (int)
                                section.bytes("rejected-bytes", RAW_BYTES, 1 << 30)));
    }

    /** The limits for the JSON parser. */
    public StreamReadConstraints json() {
        return StreamReadConstraints.builder()
                .maxDocumentLength(payloadBytes)
                .maxNestingDepth(JSON_DEPTH)
                .maxNameLength(JSON_NAME)
                .maxNumberLength(NUMBER_LENGTH)
                .maxStringLength(TEXT_LENGTH)
                .build();
    }

    /** The name itself, when it can be one. */
    public String name(String what, String name) throws MalformedInput {
        if (name.length() > nameLength) {
            throw new MalformedInput(
                    Reason.NAME_TOO_LONG,
                    what + ": " + name.length() + " characters (expected: at most " + nameLength + ")");
        }
        return StrictUtf8.kept(what, name);
    }
}
