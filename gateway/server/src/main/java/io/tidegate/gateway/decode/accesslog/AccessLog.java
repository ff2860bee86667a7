package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.decode.ByteOrderMark;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One access log, read line by line. Common, combined and JSON lines are told apart one by one; behind a {@code #Fields}
 * directive lines are W3C extended ones. Not thread-safe.
 */
public final class AccessLog {

    /**
     * What all logs have in common. Thread-safe.
     */
    public static final class Reader {

        private final int lineBytes;
        private final UserAgents agents = new UserAgents();
        private final CommonFormat common;
        private final JsonFormat json;
        private final JsonFormat docker;

        /** A reader of any number of logs. */
        public Reader(AccessLogSettings settings) {
            this.lineBytes = settings.lineBytes();
            this.common = new CommonFormat(agents, settings.requestTime());
            this.json = new JsonFormat(settings);
            // Its stream is read into the place of a host: nothing else of the record is asked for.
            this.docker = new JsonFormat(new AccessLogSettings(
                    lineBytes,
                    settings.requestTime(),
                    Map.of(JsonField.LINE, List.of("log"), JsonField.HOST, List.of("stream"))));
        }

        /** A log from its beginning. */
        public AccessLog open(LinePrefix strip) {
            return new AccessLog(this, strip);
        }

        /** A log of which something has been read: {@code directives} are what {@link AccessLog#directives} gave. */
        public AccessLog resume(LinePrefix strip, List<String> directives) {
            AccessLog log = open(strip);
            for (String directive : directives) {
                try {
                    log.resume(directive);
                } catch (MalformedInput e) {
                    throw new IllegalArgumentException("directive: " + directive + " (expected: one that was read)", e);
                }
            }
            return log;
        }

        /** The longest line. */
        public int lineBytes() {
            return lineBytes;
        }
    }

    /** Docker's, and a shipper's around it. */
    private static final int MOST_WRAPPINGS = 2;

    private final Reader reader;
    private final PrefixStripper prefix;
    private final W3cFormat w3c;
    // Lines behind the first of such a text have no mark, and NULs.
    private boolean utf16;

    private AccessLog(Reader reader, LinePrefix strip) {
        this.reader = reader;
        this.prefix = new PrefixStripper(strip, reader.docker);
        this.w3c = new W3cFormat(reader.agents);
    }

    private void resume(String directive) throws MalformedInput {
        if (!prefix.resume(directive)) {
            byte[] line = directive.getBytes(UTF_8);
            w3c.directive(line, 0, line.length);
        }
    }

    /**
     * Reads a line, without its line end; a carriage return before that is one as well, and a byte order mark is skipped.
     *
     * @return null: it says nothing about a request (blank, or a directive)
     * @throws MalformedInput when it is none of the formats
     */
    public @Nullable AccessLogEntry read(byte[] bytes, int from, int to) throws MalformedInput {
        utf16 = ByteOrderMark.isUtf16(bytes, from, to) || (utf16 && holdsNul(bytes, from, to));
        if (utf16) {
            throw new MalformedInput(
                    Reason.INVALID_LINE, "the text is UTF-16, as its first bytes say (expected: UTF-8)");
        }
        int begin = ByteOrderMark.skip(bytes, from, to);
        int end = to > begin && bytes[to - 1] == '\r' ? to - 1 : to;
        if (end - begin > reader.lineBytes) {
            throw tooLong(end - begin, reader.lineBytes);
        }
        if (isBlank(bytes, begin, end)) {
            return null;
        }
        PrefixStripper.Line line = prefix.off(bytes, begin, end);
        int taken = line.bytes() == bytes ? line.from() - from : 0;
        try {
            AccessLogEntry entry = read(line.bytes(), line.from(), line.to(), 0);
            return entry == null ? null : entry.from(line.host());
        } catch (MalformedInput e) {
            throw taken == 0 ? e : new MalformedInput(e.reason(), "behind " + taken + " bytes in front: " + e.detail());
        }
    }

    private @Nullable AccessLogEntry read(byte[] bytes, int begin, int to, int wrappings) throws MalformedInput {
        int from = ByteOrderMark.skip(bytes, begin, to);
        int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
        if (end - from > reader.lineBytes) {
            throw tooLong(end - from, reader.lineBytes);
        }
        if (isBlank(bytes, from, end)) {
            return null;
        }
        if (bytes[from] == '#') {
            w3c.directive(bytes, from, end);
            return null;
        }
        if (bytes[from] == '{') {
            return json(bytes, from, end, wrappings);
        }
        return w3c.isKnown() ? w3c.read(bytes, from, end) : reader.common.read(bytes, from, end);
    }

    /** An entry, or a line of any format that a shipper has wrapped. */
    private @Nullable AccessLogEntry json(byte[] bytes, int from, int to, int wrappings) throws MalformedInput {
        JsonEntry entry = reader.json.read(bytes, from, to);
        byte[] line = entry.wrapped();
        if (line == null) {
            return entry.entry(reader.agents);
        }
        if (wrappings == MOST_WRAPPINGS) {
            throw new MalformedInput(Reason.OVER_LIMIT, "wrapped more than " + MOST_WRAPPINGS + " times");
        }
        return read(line, 0, line.length, wrappings + 1);
    }

    /** The longest line. */
    public int lineBytes() {
        return reader.lineBytes;
    }

    /** The directives that {@link Reader#resume} needs to go on behind the last line. */
    public List<String> directives() {
        List<String> all = new ArrayList<>(prefix.directives());
        all.addAll(w3c.directives());
        return all;
    }

    static MalformedInput tooLong(long length, int most) {
        return new MalformedInput(Reason.LINE_TOO_LONG, length + " bytes (expected: at most " + most + ")");
    }

    private static boolean holdsNul(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }
}
