package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.Request;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the time of a common line: {@code [vhost[:port] ]client ident user}. Nothing is guessed: the ident tells
 * where it is by being {@code -}, and client and virtual host must have the shape of one. Where a server still asks for the
 * ident, client, ident and user are one word each. A user may hold spaces, but neither a column {@code -} nor an address:
 * these belong to a line in front of which something else stands.
 */
final class LineHead {

    private static final String CLIENT = "a client, an address or a host name";

    private final LineScanner line;
    private final Request.Builder request;

    /** @param at where a word begins, and the place behind it */
    private record Word(int at, int end) {}

    private LineHead(LineScanner line, Request.Builder request) {
        this.line = line;
        this.request = request;
    }

    /** Reads up to the bracket of the time, and that too. */
    static void read(LineScanner line, Request.Builder request) throws MalformedInput {
        new LineHead(line, request).read();
    }

    private void read() throws MalformedInput {
        Word first = word("a client or a virtual host");
        line.expect(' ', "a space behind the client");
        Word second = word("the ident, or a client behind a virtual host");
        line.expect(' ', "a space behind the ident");
        int rest = line.at();
        int bracket = bracket();
        Word third = wordAt(rest, bracket);
        if (isDash(second)) {
            nobody(first, third, bracket);
            client(first);
            user(rest, bracket);
        } else if (isDash(third) && third.end() < bracket) {
            host(first);
            client(second);
            user(third.end() + 1, bracket);
        } else {
            named(first, second, new Word(rest, bracket));
        }
        line.moveTo(bracket + 2);
    }

    /** {@code - - -}, and {@code www.example.com - - -}: there is a place for a client, and nobody in it. */
    private void nobody(Word first, Word third, int bracket) throws MalformedInput {
        Authority host = authority(first);
        boolean behindHost = host != null && host.isUnmistakable() && isDash(third) && third.end() < bracket;
        if (isDash(first) || behindHost) {
            int at = behindHost ? first.end() + 1 : first.at();
            throw new MalformedInput(Reason.NO_CLIENT, damage(at, "a client").detail());
        }
    }

    /** An ident that is told: one word, as the user is; the virtual host in front of it is a name, the client an address. */
    private void named(Word first, Word second, Word rest) throws MalformedInput {
        Word third = wordAt(rest.at(), rest.end());
        Authority one = authority(first);
        if (one == null || !one.isUnmistakable()) {
            throw shapeless(first, "a client and the ident, or a virtual host and a client");
        }
        if (third.end() == rest.end()) {
            ident(second);
            noAddress(third);
            client(first);
            user(third.at(), third.end());
            return;
        }
        Authority two = authority(second);
        Word fourth = wordAt(third.end() + 1, rest.end());
        if (one.isAddress() || two == null || !two.isAddress() || fourth.end() != rest.end()) {
            throw damage(second.at(), "the ident -, or a client and the ident - behind a virtual host");
        }
        ident(third);
        noAddress(fourth);
        host(first);
        client(second);
        user(fourth.at(), fourth.end());
    }

    private void ident(Word word) throws MalformedInput {
        boolean plain =
                text(word).chars().allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || "._-@".indexOf(c) >= 0));
        noAddress(word);
        if (!plain) {
            throw damage(word.at(), "the ident");
        }
    }

    private void noAddress(Word word) throws MalformedInput {
        Authority address = authority(word);
        if (address != null && address.isAddress()) {
            throw damage(word.at(), "the ident or the user, and no address");
        }
    }

    /** Without its port: each connection of a visitor has another. */
    private void client(Word word) throws MalformedInput {
        String client = Authority.client(text(word).getBytes(ISO_8859_1));
        if (isDash(word)) {
            throw new MalformedInput(
                    Reason.NO_CLIENT, damage(word.at(), "a client").detail());
        }
        if (client == null || text(word).indexOf(',') >= 0) {
            throw shapeless(word, CLIENT);
        }
        request.setClient(client);
    }

    /** {@code -}, and nginx's {@code _}: the request named none. */
    private void host(Word word) throws MalformedInput {
        String text = text(word);
        if (text.equals("-") || text.equals("_")) {
            return;
        }
        Authority host = authority(word);
        if (host == null || !host.isUnmistakable()) {
            throw shapeless(word, "a virtual host");
        }
        request.setHost(Authority.withoutPort(text));
    }

    private void user(int from, int bracket) throws MalformedInput {
        byte[] bytes = line.bytes();
        boolean one = wordAt(from, bracket).end() == bracket;
        for (int at = from; at < bracket && !one; ) {
            Word word = wordAt(at, bracket);
            Authority address = authority(word);
            if (isDash(word) || (address != null && address.isAddress())) {
                throw damage(word.at(), "a user, and the time");
            }
            at = word.end() + 1;
        }
        boolean empty = bracket - from == 2 && bytes[from] == '"' && bytes[from + 1] == '"';
        if (!empty && !isDash(new Word(from, bracket))) {
            byte[] plain = Escapes.undo(bytes, from, bracket);
            request.setUser(LogText.of(plain, 0, plain.length));
        }
    }

    /** The space before the bracket of the time. */
    private int bracket() throws MalformedInput {
        byte[] bytes = line.bytes();
        int from = line.at();
        int end = from + line.left();
        int bracket = from;
        while (bracket + 1 < end && !(bytes[bracket] == ' ' && bytes[bracket + 1] == '[')) {
            if (bytes[bracket] >= 0 && bytes[bracket] < ' ') {
                throw damage(bracket, "a user");
            }
            bracket++;
        }
        if (bracket == from || bracket + 1 >= end || bytes[from] == ' ') {
            throw line.damage("a user, and a time in brackets");
        }
        return bracket;
    }

    private Word word(String what) throws MalformedInput {
        line.token(what);
        return new Word(line.from(), line.to());
    }

    private Word wordAt(int from, int to) {
        int end = from;
        while (end < to && line.bytes()[end] != ' ') {
            end++;
        }
        return new Word(from, end);
    }

    private boolean isDash(Word word) {
        return word.end() - word.at() == 1 && line.bytes()[word.at()] == '-';
    }

    private @Nullable Authority authority(Word word) {
        return Authority.of(line.bytes(), word.at(), word.end());
    }

    private String text(Word word) {
        return new String(line.bytes(), word.at(), word.end() - word.at(), ISO_8859_1);
    }

    /** The place is the first sign that no host has; where there is none, the beginning of the word. */
    private MalformedInput shapeless(Word word, String expected) {
        int at = word.at();
        while (at < word.end() && isSignOfHost(line.bytes()[at])) {
            at++;
        }
        return damage(at < word.end() ? at : word.at(), expected);
    }

    private static boolean isSignOfHost(byte b) {
        boolean letter = (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
        return letter || (b >= '0' && b <= ':') || "._-[]%".indexOf(b) >= 0;
    }

    private MalformedInput damage(int at, String expected) {
        line.moveTo(at);
        return line.damage(expected);
    }
}
