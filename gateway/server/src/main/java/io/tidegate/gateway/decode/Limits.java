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
 */
public record Limits(int payloadBytes, int readings, int topicLevels, int nameLength) {

    /** The longest text value, in characters. */
    public static final int TEXT_LENGTH = 64 * 1024;

    private static final int JSON_DEPTH = 64;
    private static final int JSON_NAME = 256;
    private static final int NUMBER_LENGTH = 64;

    /** Reads {@code tidegate.gateway.limits}. */
    public static Limits from(Section section) {
        return new Limits(
                (int) section.bytes("payload", 1, 16 << 20),
                section.integer("readings", 1, 100_000),
                section.integer("topic-levels", 1, 128),
                section.integer("name-length", 1, JSON_NAME));
    }

    StreamReadConstraints json() {
        return StreamReadConstraints.builder()
                .maxDocumentLength(payloadBytes)
                .maxNestingDepth(JSON_DEPTH)
                .maxNameLength(JSON_NAME)
                .maxNumberLength(NUMBER_LENGTH)
                .maxStringLength(TEXT_LENGTH)
                .build();
    }

    /** The name itself, when it can be one. */
    String name(String what, String name) throws Unreadable {
        if (name.length() > nameLength) {
            throw new Unreadable(
                    Reason.NAME_TOO_LONG,
                    what + ": " + name.length() + " characters (expected: at most " + nameLength + ")");
        }
        return Text.kept(what, name);
    }
}
