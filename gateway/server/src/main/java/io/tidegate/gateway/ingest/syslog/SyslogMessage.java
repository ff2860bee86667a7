package io.tidegate.gateway.ingest.syslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.gateway.decode.accesslog.SyslogHeader;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is around the content of a syslog message. With a version it is RFC 5424 and must be all of it; without one it is RFC
 * 3164, whose header may be missing. The times are not kept: a line has its own.
 *
 * @param host who logged it, if the message says so
 * @param from where the content begins; it goes on to the end
 */
record SyslogMessage(Optional<String> host, int from) {

    /** A message that is none; without a stack trace, bad input must be cheap. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1;

        Malformed(int at, String expected) {
            super("byte " + at + " (expected: " + expected + ")", null, false, false);
        }
    }

    private static final String DAY_TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d";

    private static final Pattern PRIORITY = Pattern.compile("<(?:0|[1-9]\\d?|1[0-8]\\d|19[01])>");

    private static final Pattern TIMESTAMP = Pattern.compile("\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T"
            + DAY_TIME + "(?:\\.\\d{1,6})?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)");

    private static final Pattern NAME = Pattern.compile("[!-~&&[^=\\]\"]]{1,32}");

    private static final String BOM = "\u00ef\u00bb\u00bf";

    /**
     * Reads what is around the content.
     *
     * @throws Malformed when it is no syslog message
     */
    static SyslogMessage read(byte[] message) throws Malformed {
        Reader reader = new Reader(new String(message, ISO_8859_1));
        boolean unused = reader.skip(BOM);
        if (!reader.skip(PRIORITY)) {
            throw new Malformed(0, "<priority>, 0 to 191");
        }
        return reader.skip("1 ") ? reader.withVersion() : reader.withoutVersion();
    }

    /** A place in the text, one character a byte. */
    private static final class Reader {

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        SyslogMessage withVersion() throws Malformed {
            if (!skip("-")) {
                need(TIMESTAMP, "a time");
            }
            need(" ", "a space");
            String host = word("host", 255);
            word("application", 48);
            word("process", 128);
            word("message id", 32);
            structuredData();
            if (at < text.length()) {
                need(" ", "a space or the end");
                boolean unused = skip(BOM);
            }
            return new SyslogMessage(Optional.of(host).filter(name -> !name.equals("-")), at);
        }

        private String word(String what, int longest) throws Malformed {
            int from = at;
            while (at < text.length() && at - from < longest && isPrintable(text.charAt(at))) {
                at++;
            }
            if (at == from) {
                throw new Malformed(at, what);
            }
            String word = text.substring(from, at);
            need(" ", "a space behind the " + what);
            return word;
        }

        private static boolean isPrintable(char c) {
            return c > ' ' && c <= '~';
        }

        private void structuredData() throws Malformed {
            if (skip("-")) {
                return;
            }
            need("[", "- or [");
            do {
                need(NAME, "a name");
                while (skip(" ")) {
                    need(NAME, "a name");
                    value();
                }
                need("]", "]");
            } while (skip("["));
        }

        /** Quotes, backslashes and closing brackets have a backslash in front. */
        private void value() throws Malformed {
            need("=\"", "=\"a value\"");
            while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != ']') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            at = Math.min(at, text.length());
            need("\"", "\" behind a value");
        }

        SyslogMessage withoutVersion() {
            SyslogHeader header = SyslogHeader.read(text, at);
            return new SyslogMessage(header.host(), header.end());
        }

        private void need(String literal, String expected) throws Malformed {
            if (!skip(literal)) {
                throw new Malformed(at, expected);
            }
        }

        private void need(Pattern pattern, String expected) throws Malformed {
            if (!skip(pattern)) {
                throw new Malformed(at, expected);
            }
        }

        boolean skip(String literal) {
            boolean there = text.startsWith(literal, at);
            at += there ? literal.length() : 0;
            return there;
        }

        boolean skip(Pattern pattern) {
            Matcher matcher = pattern.matcher(text).region(at, text.length());
            boolean there = matcher.lookingAt();
            at = there ? matcher.end() : at;
            return there;
        }
    }
}
