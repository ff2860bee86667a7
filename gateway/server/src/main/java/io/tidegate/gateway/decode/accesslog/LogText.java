package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Bytes of a log as text, losing nothing: what is UTF-8 is taken as that; a byte that is not, and a control character,
 * stands as {@code \xNN}, the way servers write it themselves.
 */
final class LogText {

    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

    private LogText() {}

    static String of(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isPlain(bytes[i])) {
                return escaped(bytes, from, to);
            }
        }
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != 0x7f;
    }

    private static String escaped(byte[] bytes, int from, int to) {
        byte[] text = new byte[4 * (to - from)];
        int size = 0;
        int at = from;
        while (at < to) {
            int length = isPlain(bytes[at]) ? 1 : multibyte(bytes, at, to);
            for (int i = 0; i < length; i++) {
                text[size++] = bytes[at + i];
            }
            if (length == 0) {
                size = hex(bytes[at], text, size);
                length = 1;
            }
            at += length;
        }
        return new String(Arrays.copyOf(text, size), UTF_8);
    }

    /** JSON that is UTF-8 throughout: a byte that was not stands in it as the text {@code \\xNN}. */
    static byte[] repaired(byte[] bytes, int from, int to) {
        byte[] json = new byte[5 * (to - from)];
        int size = 0;
        int at = from;
        while (at < to) {
            int length = bytes[at] >= 0 ? 1 : multibyte(bytes, at, to);
            for (int i = 0; i < length; i++) {
                json[size++] = bytes[at + i];
            }
            if (length == 0) {
                json[size++] = '\\';
                size = hex(bytes[at], json, size);
                length = 1;
            }
            at += length;
        }
        return Arrays.copyOf(json, size);
    }

    private static int hex(byte b, byte[] into, int at) {
        into[at] = '\\';
        into[at + 1] = 'x';
        into[at + 2] = HEX[(b >> 4) & 0xf];
        into[at + 3] = HEX[b & 0xf];
        return at + 4;
    }

    /** The length of the well-formed UTF-8 sequence of more than one byte that begins here; 0 when there is none. */
    private static int multibyte(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xff;
        int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc2 || lead > 0xf4 || at + length > to) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return isWellFormed(lead, bytes[at + 1] & 0xff) ? length : 0;
    }

    /** No overlong form, no surrogate, nothing above U+10FFFF. */
    private static boolean isWellFormed(int lead, int second) {
        return switch (lead) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
    }
}
