package io.tidegate.gateway.decode;

/**
 * How a decoder gives up from deep inside a payload; {@link Decoders} turns it into a {@link Decoded.Rejected}, nobody
 * else sees it. Without a stack trace: bad input must be cheap.
 */
final class Unreadable extends Exception {

    private static final long serialVersionUID = 1;

    /** A detail is cut here. */
    static final int LONGEST_DETAIL = 200;

    private final Reason reason;

    Unreadable(Reason reason, String detail) {
        super(oneLine(detail), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    Decoded.Rejected by(String decoder) {
        return new Decoded.Rejected(reason, decoder, String.valueOf(getMessage()));
    }

    /** Cut, and every control character (line ends, escapes of a terminal) made visible as {@code ?}. */
    private static String oneLine(String detail) {
        int length = Math.min(detail.length(), LONGEST_DETAIL);
        StringBuilder line = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = detail.charAt(i);
            line.append(Character.isISOControl(c) || Character.isSurrogate(c) || isDirection(c) ? '?' : c);
        }
        return line.toString();
    }

    /** Characters that make a terminal write backwards or break a line. */
    private static boolean isDirection(char c) {
        return (c >= '\u200e' && c <= '\u200f') || (c >= '\u2028' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }
}
