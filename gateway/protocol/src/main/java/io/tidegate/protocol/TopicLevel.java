package io.tidegate.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A value of a key as one level of an MQTT topic: whatever a device calls itself, the level has only
 * {@code A-Z a-z 0-9 _ . ~ - %}, so nobody can name himself out of his place in the tree. Pure: any thread.
 *
 * <p>Each UTF-8 byte outside {@code A-Z a-z 0-9 _ . ~ -} becomes {@code %XX}; the empty text is {@code %}, null is
 * {@code %~}; over {@value #LONGEST} characters the level is cut to {@value #KEPT} (no escape is cut) and gets
 * {@code %~} and 16 hexadecimal digits of the value's SHA-256.
 */
public final class TopicLevel {

    private static final int LONGEST = 128;
    private static final int KEPT = 100;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private TopicLevel() {}

    /**
     * The level of a value.
     *
     * @param value any text, null for an absent value; unpaired surrogates count as {@code ?}
     * @return one level, never empty, without {@code / + # $}
     */
    public static String of(@Nullable String value) {
        if (value == null) {
            return "%~";
        }
        if (value.isEmpty()) {
            return "%";
        }
        byte[] utf8 = value.getBytes(UTF_8);
        StringBuilder level = new StringBuilder(utf8.length);
        int kept = 0;
        for (byte b : utf8) {
            append(level, b);
            if (level.length() <= KEPT) {
                kept = level.length();
            }
        }
        return level.length() <= LONGEST ? level.toString() : level.substring(0, kept) + "%~" + fingerprint(utf8);
    }

    /**
     * The value of a level that {@link #of} made; the inverse for every level that was not cut.
     *
     * @return the value, null for {@code %~}
     * @throws IllegalArgumentException when the level is none that {@link #of} makes, or was cut
     */
    public static @Nullable String valueOf(String level) {
        if (level.equals("%~")) {
            return null;
        }
        if (level.equals("%")) {
            return "";
        }
        ByteBuffer bytes = ByteBuffer.allocate(level.length());
        for (int i = 0; i < level.length(); i++) {
            char c = level.charAt(i);
            if (c == '%') {
                bytes.put(escaped(level, i));
                i += 2;
            } else {
                bytes.put((byte) c);
            }
        }
        try {
            return UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes.flip())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("level: " + level + " (expected: escaped UTF-8)", e);
        }
    }

    private static byte escaped(String level, int at) {
        if (at + 3 > level.length() || !HexFormat.isHexDigit(level.charAt(at + 1))) {
            throw new IllegalArgumentException("level: " + level + " (expected: a whole level of %XX escapes)");
        }
        return (byte) HexFormat.fromHexDigits(level, at + 1, at + 3);
    }

    private static void append(StringBuilder level, byte b) {
        if (isPlain(b)) {
            level.append((char) b);
        } else {
            HEX.toHexDigits(level.append('%'), b);
        }
    }

    private static boolean isPlain(byte b) {
        return (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || (b >= '0' && b <= '9')
                || b == '_'
                || b == '.'
                || b == '~'
                || b == '-';
    }

    private static String fingerprint(byte[] utf8) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(utf8);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
