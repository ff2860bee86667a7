package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.gateway.decode.MalformedInput;

/** A place in a line, moving to its end. Not thread-safe. */
final class LineScanner {

    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;
    // What was read last: a token, or what stands between quotes.
    private int from;
    private int to;
    private boolean escaped;

    LineScanner(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.at = start;
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    void moveTo(int place) {
        at = place;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    boolean atEnd() {
        return at == end;
    }

    boolean isNext(char c) {
        return at < end && bytes[at] == c;
    }

    int left() {
        return end - at;
    }

    MalformedInput damage(String expected) {
        return MalformedInput.at(at - start, expected);
    }

    void expect(char c, String what) throws MalformedInput {
        if (!isNext(c)) {
            throw damage(what);
        }
        at++;
    }

    /** Reads up to the next space or the end; at least one character, none of them a control or a quote. */
    void token(String what) throws MalformedInput {
        from = at;
        while (at < end && bytes[at] != ' ') {
            if ((bytes[at] >= 0 && bytes[at] < ' ') || bytes[at] == '"') {
                throw damage(what);
            }
            at++;
        }
        to = at;
        if (from == to) {
            throw damage(what);
        }
    }

    /** Reads what stands between quotes; afterwards {@link #isEscaped} tells whether escapes are in it. */
    void quoted(String what) throws MalformedInput {
        expect('"', "\" before " + what);
        from = at;
        escaped = false;
        while (at < end && bytes[at] != '"') {
            if (bytes[at] == '\\') {
                escaped = true;
                at++;
            }
            at++;
        }
        if (at >= end) {
            at = end;
            throw damage("\" behind " + what);
        }
        to = at++;
    }

    boolean isEscaped() {
        return escaped;
    }

    /** Whether what was read is {@code -} or nothing. */
    boolean isAbsent() {
        return to == from || (to - from == 1 && bytes[from] == '-');
    }

    /** What was read as a text, its escapes undone. */
    String text() {
        if (!escaped) {
            return LogText.of(bytes, from, to);
        }
        byte[] plain = Escapes.undo(bytes, from, to);
        return LogText.of(plain, 0, plain.length);
    }

    /** What was read as plain ASCII. */
    String ascii() {
        return new String(bytes, from, to - from, ISO_8859_1);
    }
}
