package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.gateway.decode.MalformedInput;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes off what stands in front of each line of a log. A line without it is damaged. A line that a container runtime has cut
 * into pieces is damaged piece by piece, since the last piece may look like a line: what a visitor wrote stands in it. Not
 * thread-safe.
 */
final class PrefixStripper {

    /**
     * The line itself.
     *
     * @param host who logged it, if the prefix says so
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(byte[] bytes, int from, int to, Optional<String> host) {}

    /** In front of the streams that have been cut, in a directive. */
    private static final String CUT = "cut ";

    private static final String RFC3339 =
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d) ";
    private static final Pattern TIMESTAMP = Pattern.compile(RFC3339);
    private static final Pattern CRI = Pattern.compile(RFC3339 + "(stdout|stderr) ([FP])(?::[!-~]*)? ");
    private static final Pattern PRIORITY = Pattern.compile("<\\d{1,3}>");
    private static final int LONGEST = 512;
    private static final int MOST_STREAMS = 2;

    private final LinePrefix strip;
    private final JsonFormat docker;
    // Streams whose last piece ended before its line did.
    private final Set<String> cut = new TreeSet<>();

    PrefixStripper(LinePrefix strip, JsonFormat docker) {
        this.strip = strip;
        this.docker = docker;
    }

    /** What a prefix must know that goes on behind the last line; empty: nothing. */
    List<String> directives() {
        return cut.isEmpty() ? List.of() : List.of(CUT + String.join(" ", cut));
    }

    /** Takes what {@link #directives} gave; false: it is another directive. */
    boolean resume(String directive) {
        boolean own = directive.startsWith(CUT);
        if (own) {
            cut.addAll(List.of(directive.substring(CUT.length()).split(" ")));
        }
        return own;
    }

    Line off(byte[] bytes, int from, int to) throws MalformedInput {
        return switch (strip) {
            case NONE -> new Line(bytes, from, to, Optional.empty());
            case CRI -> cri(bytes, from, to);
            case DOCKER -> bytes[from] == '{' ? docker(bytes, from, to) : timestamp(bytes, from, to);
            case SYSLOG -> syslog(bytes, from, to);
            case TIMESTAMP -> timestamp(bytes, from, to);
        };
    }

    private static Line timestamp(byte[] bytes, int from, int to) throws MalformedInput {
        int length = need(TIMESTAMP, bytes, from, to, "a time such as 2026-11-23T07:40:02.123Z and a space")
                .end();
        return new Line(bytes, from + length, to, Optional.empty());
    }

    private Line cri(byte[] bytes, int from, int to) throws MalformedInput {
        Matcher prefix = need(CRI, bytes, from, to, "a time, stdout or stderr, and F or P");
        whole(prefix.group(1), prefix.group(2).equals("F"));
        return new Line(bytes, from + prefix.end(), to, Optional.empty());
    }

    /** A record whose text does not end a line is a piece of one: Docker cuts at 16 KiB. */
    private Line docker(byte[] bytes, int from, int to) throws MalformedInput {
        JsonEntry entry = docker.read(bytes, from, to);
        byte[] text = entry.raw(JsonField.LINE);
        String stream = entry.text(JsonField.HOST);
        if (text == null || stream == null || stream.indexOf(' ') >= 0) {
            throw MalformedInput.at(0, "a record of Docker's, with log and stream");
        }
        whole(stream, text[text.length - 1] == '\n');
        byte[] line = entry.wrapped();
        return new Line(line == null ? text : line, 0, line == null ? text.length : line.length, Optional.empty());
    }

    private void whole(String stream, boolean ends) throws MalformedInput {
        boolean begun = ends ? cut.remove(stream) : !cut.add(stream);
        if (cut.size() > MOST_STREAMS) {
            throw MalformedInput.at(0, "stdout or stderr");
        }
        if (!ends || begun) {
            throw MalformedInput.at(0, "a whole line, but its container's runtime has cut it into pieces");
        }
    }

    private static Line syslog(byte[] bytes, int from, int to) throws MalformedInput {
        String text = new String(bytes, from, to - from, ISO_8859_1);
        Matcher priority = PRIORITY.matcher(text);
        SyslogHeader header = SyslogHeader.read(text, priority.lookingAt() ? priority.end() : 0);
        if (!header.hasTime()) {
            throw MalformedInput.at(0, "a syslog header, with a time such as Nov 23 07:40:02");
        }
        return new Line(bytes, from + header.end(), to, header.host());
    }

    private static Matcher need(Pattern pattern, byte[] bytes, int from, int to, String expected)
            throws MalformedInput {
        Matcher matcher = pattern.matcher(new String(bytes, from, Math.min(LONGEST, to - from), ISO_8859_1));
        if (!matcher.lookingAt()) {
            throw MalformedInput.at(0, expected);
        }
        return matcher;
    }
}
