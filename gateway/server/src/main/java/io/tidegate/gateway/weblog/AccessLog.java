package io.tidegate.gateway.weblog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
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
        private final Agents agents = new Agents();
        private final CommonFormat common;
        private final JsonFormat json;

        /** A reader of any number of logs. */
        public Reader(WeblogSettings settings) {
            this.lineBytes = settings.lineBytes();
            this.common = new CommonFormat(agents, settings.requestTime());
            this.json = new JsonFormat(settings);
        }

        /** A log from its beginning. */
        public AccessLog open() {
            return new AccessLog(this);
        }

        /** A log of which something has been read: {@code directives} are what {@link AccessLog#directives} gave. */
        public AccessLog resume(List<String> directives) {
            AccessLog log = open();
            for (String directive : directives) {
                byte[] line = directive.getBytes(UTF_8);
                try {
                    log.read(line, 0, line.length);
                } catch (DamagedLine e) {
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
    private final W3cFormat w3c;

    private AccessLog(Reader reader) {
        this.reader = reader;
        this.w3c = new W3cFormat(reader.agents);
    }

    /**
     * Reads a line, without its line end; a carriage return before that is one as well.
     *
     * @return null: it says nothing about a request (blank, or a directive)
     * @throws DamagedLine when it is none of the formats
     */
    public @Nullable LogEntry read(byte[] bytes, int from, int to) throws DamagedLine {
        return read(bytes, from, to, 0);
    }

    private @Nullable LogEntry read(byte[] bytes, int from, int to, int wrappings) throws DamagedLine {
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
    private @Nullable LogEntry json(byte[] bytes, int from, int to, int wrappings) throws DamagedLine {
        JsonEntry entry = reader.json.read(bytes, from, to);
        byte[] line = entry.wrapped();
        if (line == null) {
            return entry.entry(reader.agents);
        }
        if (wrappings == MOST_WRAPPINGS) {
            throw new DamagedLine(Flaw.OVER_LIMIT, "wrapped more than " + MOST_WRAPPINGS + " times");
        }
        return read(line, 0, line.length, wrappings + 1);
    }

    /** The longest line. */
    public int lineBytes() {
        return reader.lineBytes;
    }

    /** What a reader must know that goes on behind the last line: for {@link Reader#resume}. */
    public List<String> directives() {
        return w3c.directives();
    }

    static DamagedLine tooLong(long length, int most) {
        return new DamagedLine(Flaw.LINE_TOO_LONG, length + " bytes (expected: at most " + most + ")");
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
