package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A path with one way to write it (RFC 3986, 6.2.2.1 and 6.2.2.2): an escape of an unreserved character becomes the
 * character, any other is in upper case, and a byte that no URI may hold is escaped. A {@code %} that begins no escape stays.
 */
final class UriPath {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);

    private UriPath() {}

    static String of(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '%' || mustBeEscaped(bytes[i])) {
                return normalised(bytes, from, to);
            }
        }
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    private static String normalised(byte[] bytes, int from, int to) {
        StringBuilder path = new StringBuilder(to - from + 16);
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '%' && i + 2 < to && Escapes.isByte(bytes, i + 1)) {
                escape(Escapes.byteAt(bytes, i + 1), path);
                i += 2;
            } else if (mustBeEscaped(b)) {
                escape(b, path);
            } else {
                path.append((char) b);
            }
        }
        return path.toString();
    }

    private static void escape(byte b, StringBuilder path) {
        if (isUnreserved(b)) {
            path.append((char) b);
        } else {
            path.append('%').append((char) HEX[(b >> 4) & 0xf]).append((char) HEX[b & 0xf]);
        }
    }

    /** Controls, space, and everything beyond ASCII. */
    private static boolean mustBeEscaped(byte b) {
        return b <= ' ' || b == 0x7f;
    }

    private static boolean isUnreserved(byte b) {
        boolean letter = (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
        return letter || (b >= '0' && b <= '9') || b == '-' || b == '.' || b == '_' || b == '~';
    }
}
