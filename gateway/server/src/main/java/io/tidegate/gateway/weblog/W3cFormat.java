package io.tidegate.gateway.weblog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * W3C extended log files (IIS, CloudFront): {@code #Fields} says what the columns are, and may say otherwise further down.
 * Columns stand apart by a space or a tab, {@code -} is nothing, times are UTC; in agent, referer and user {@code +} is a
 * space, as IIS writes it. Has state: not thread-safe.
 */
final class W3cFormat {

    private static final String FIELDS = "#Fields:";
    private static final String DATE = "#Date:";
    /** What the draft and its users know beside those two. */
    private static final Set<String> OTHERS =
            Set.of("#Version:", "#Software:", "#Start-Date:", "#End-Date:", "#Remark:", "#GMT-Offset:");

    private final Agents agents;
    private List<String> fields = List.of();
    private String fieldsLine = "";
    // Seconds since the epoch of the day that #Date named, for logs whose lines have a time only.
    private long day = LogTime.NONE;

    W3cFormat(Agents agents) {
        this.agents = agents;
    }

    boolean isKnown() {
        return !fields.isEmpty();
    }

    /** The directives that still hold, as lines. */
    List<String> directives() {
        List<String> lines = new ArrayList<>();
        if (day != LogTime.NONE) {
            lines.add(DATE + " " + LocalDate.ofEpochDay(day));
        }
        if (isKnown()) {
            lines.add(fieldsLine);
        }
        return lines;
    }

    void directive(byte[] bytes, int from, int to) throws DamagedLine {
        String line = LogText.of(bytes, from, to).replace("\\x09", "\t");
        String name = line.substring(0, line.indexOf(':') + 1);
        if (name.equals(FIELDS)) {
            List<String> named = Arrays.stream(line.substring(FIELDS.length()).split("[ \t]+"))
                    .filter(field -> !field.isEmpty())
                    .map(field -> field.toLowerCase(Locale.ROOT))
                    .toList();
            if (named.isEmpty() || Set.copyOf(named).size() < named.size()) {
                throw new DamagedLine(Flaw.NO_FIELDS, "#Fields (expected: names, each once)");
            }
            fields = named;
            fieldsLine = line;
        } else if (name.equals(DATE)) {
            byte[] date = line.substring(DATE.length()).strip().getBytes(UTF_8);
            long named = date.length >= 10 ? LogTime.date(date, 0) : LogTime.NONE;
            if (named == LogTime.NONE) {
                throw new DamagedLine(Flaw.INVALID_TIME, "#Date (expected: a date such as 2015-05-17)");
            }
            day = named;
        } else if (!OTHERS.contains(name)) {
            throw new DamagedLine(Flaw.INVALID_LINE, "byte 0 (expected: a client, or a directive such as #Fields:)");
        }
    }

    LogEntry read(byte[] bytes, int from, int to) throws DamagedLine {
        W3cEntry entry = new W3cEntry(day);
        int at = from;
        for (String field : fields) {
            int begin = at;
            int end = columnEnd(bytes, begin, to);
            if (begin >= to || end == begin) {
                throw DamagedLine.at(begin - from, "column " + field + ", one of " + fields.size());
            }
            entry.put(field, column(bytes, begin, end), begin - from);
            at = end + 1;
        }
        if (at <= to) {
            throw DamagedLine.at(at - from, "the end behind " + fields.size() + " columns");
        }
        return entry.entry(agents);
    }

    /** A column that begins with a quote goes on to its end, a doubled quote is one in it. */
    private static int columnEnd(byte[] bytes, int begin, int to) {
        int at = begin;
        if (at < to && bytes[at] == '"') {
            at++;
            while (at < to && !(bytes[at] == '"' && (at + 1 >= to || bytes[at + 1] != '"'))) {
                at += bytes[at] == '"' ? 2 : 1;
            }
            at = Math.min(at + 1, to);
        }
        while (at < to && bytes[at] != ' ' && bytes[at] != '\t') {
            at++;
        }
        return at;
    }

    private static byte[] column(byte[] bytes, int begin, int end) throws DamagedLine {
        if (bytes[begin] != '"') {
            return Arrays.copyOfRange(bytes, begin, end);
        }
        if (end - begin < 2 || bytes[end - 1] != '"') {
            throw DamagedLine.at(begin, "a quote at the end of the column as at its beginning");
        }
        return new String(bytes, begin + 1, end - begin - 2, ISO_8859_1)
                .replace("\"\"", "\"")
                .getBytes(ISO_8859_1);
    }
}
