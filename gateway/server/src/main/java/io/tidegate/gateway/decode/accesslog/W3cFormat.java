package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
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
    private static final String SOFTWARE = "#Software:";
    private static final String MICROSOFT = "Microsoft";
    private static final String FORWARDED = "forwarded-for";
    /** What the draft and its users know beside those two. */
    private static final Set<String> OTHERS =
            Set.of("#Version:", "#Start-Date:", "#End-Date:", "#Remark:", "#GMT-Offset:");

    private final UserAgents agents;
    private List<String> fields = List.of();
    private String fieldsLine = "";
    // The column into which a visitor may write anything; -1: there is none, or more than one.
    private int forwarded = -1;
    // IIS writes no quotes around a text: what begins with one was sent so.
    private boolean quotes = true;
    private final DayClock clock = new DayClock();

    W3cFormat(UserAgents agents) {
        this.agents = agents;
    }

    boolean isKnown() {
        return !fields.isEmpty();
    }

    /** The directives that still hold, as lines. */
    List<String> directives() {
        List<String> lines = new ArrayList<>();
        if (!quotes) {
            lines.add(SOFTWARE + " " + MICROSOFT);
        }
        clock.date().ifPresent(date -> lines.add(DATE + " " + date));
        if (isKnown()) {
            lines.add(fieldsLine);
        }
        return lines;
    }

    void directive(byte[] bytes, int from, int to) throws MalformedInput {
        String line = LogText.of(bytes, from, to).replace("\\x09", "\t");
        String name = line.substring(0, line.indexOf(':') + 1);
        if (name.equals(FIELDS)) {
            List<String> named = Arrays.stream(line.substring(FIELDS.length()).split("[ \t]+"))
                    .filter(field -> !field.isEmpty())
                    .map(field -> field.toLowerCase(Locale.ROOT))
                    .toList();
            if (named.isEmpty() || Set.copyOf(named).size() < named.size()) {
                throw new MalformedInput(Reason.NO_FIELDS, "#Fields (expected: names, each once)");
            }
            fields = named;
            fieldsLine = line;
            forwarded = forwarded(named);
        } else if (name.equals(DATE)) {
            if (!clock.set(line.substring(DATE.length()).strip().getBytes(UTF_8))) {
                throw new MalformedInput(Reason.INVALID_TIME, "#Date (expected: a date such as 2015-05-17)");
            }
        } else if (name.equals(SOFTWARE)) {
            quotes = !line.contains(MICROSOFT);
        } else if (!OTHERS.contains(name)) {
            throw new MalformedInput(
                    Reason.INVALID_LINE, "byte 0 (expected: a client, or a directive such as #Fields:)");
        }
    }

    private static int forwarded(List<String> named) {
        List<String> all =
                named.stream().filter(field -> field.contains(FORWARDED)).toList();
        return all.size() == 1 ? named.indexOf(all.get(0)) : -1;
    }

    AccessLogEntry read(byte[] bytes, int from, int to) throws MalformedInput {
        W3cEntry entry = new W3cEntry(clock);
        W3cColumns line = new W3cColumns(bytes, from, to);
        List<W3cColumns.Column> columns = line.cut(fields, forwarded, quotes);
        for (int i = 0; i < fields.size(); i++) {
            W3cColumns.Column column = columns.get(i);
            entry.put(fields.get(i), line.value(column, quotes), column.from() - from);
        }
        return entry.entry(agents);
    }
}
