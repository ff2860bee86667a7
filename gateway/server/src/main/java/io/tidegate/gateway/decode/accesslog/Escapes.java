package io.tidegate.gateway.decode.accesslog;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Takes back what a server escaped inside quotes: {@code \"}, {@code \\}, {@code \xNN} and the letters of C. A backslash
 * before anything else is one that the server did not escape, and stays.
 */
final class Escapes {

    private Escapes() {}

    static byte[] undo(byte[] bytes, int from, int to) {
        byte[] plain = new byte[to - from];
        int size = 0;
        int at = from;
        while (at < to) {
            if (bytes[at] != '\\' || at + 1 == to) {
                plain[size++] = bytes[at++];
            } else if (bytes[at + 1] == 'x' && at + 3 < to && isByte(bytes, at + 2)) {
                plain[size++] = byteAt(bytes, at + 2);
                at += 4;
            } else {
                int c = letter(bytes[at + 1]);
                if (c >= 0) {
                    plain[size++] = (byte) c;
                } else {
                    plain[size++] = '\\';
                    plain[size++] = bytes[at + 1];
                }
                at += 2;
            }
        }
        return Arrays.copyOf(plain, size);
    }

    /** Whether two hexadecimal digits stand here. */
    static boolean isByte(byte[] bytes, int at) {
        return HexFormat.isHexDigit(bytes[at]) && HexFormat.isHexDigit(bytes[at + 1]);
    }

    /** The byte that they are. */
    static byte byteAt(byte[] bytes, int at) {
        return (byte) (HexFormat.fromHexDigit(bytes[at]) << 4 | HexFormat.fromHexDigit(bytes[at + 1]));
    }

    private static int letter(byte b) {
        return switch (b) {
            case '"', '\\' -> b;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'v' -> 0x0b;
            default -> -1;
        };
    }
}
