package io.tidegate.gateway.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/** Bytes as text, strictly: what is not UTF-8 is no text, and a NUL or half a surrogate pair has no place in one. */
public final class StrictUtf8 {

    /** Why UTF-16 is no text here. */
    public static final String UTF16 = "the text is UTF-16, as its first bytes say (expected: UTF-8)";

    private StrictUtf8() {}

    /** The same without its byte order mark. */
    public static byte[] unmarked(byte[] text) {
        int from = ByteOrderMark.skip(text, 0, text.length);
        return from == 0 ? text : Arrays.copyOfRange(text, from, text.length);
    }

    /** Decodes the whole payload. */
    public static String of(byte[] payload) throws MalformedInput {
        if (isAscii(payload)) {
            return new String(payload, UTF_8);
        }
        try {
            return UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedInput(Reason.INVALID_UTF8, "payload: " + e.getMessage());
        }
    }

    /** Checks without decoding; the parser that comes next is lenient where UTF-8 is not. */
    public static void check(byte[] payload) throws MalformedInput {
        if (!isAscii(payload)) {
            of(payload);
        }
    }

    /** The text itself, when it can be kept in an event. */
    public static String kept(String what, String text) throws MalformedInput {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                throw new MalformedInput(Reason.INVALID_TEXT, what + ": a NUL or half a surrogate pair at " + i);
            }
        }
        return text;
    }

    /** A NUL counts as none: before a JSON parser it would announce UTF-16 or UTF-32. */
    private static boolean isAscii(byte[] payload) throws MalformedInput {
        boolean ascii = true;
        for (byte b : payload) {
            if (b == 0) {
                throw new MalformedInput(Reason.INVALID_TEXT, "payload: holds a NUL");
            }
            ascii &= b > 0;
        }
        return ascii;
    }
}
