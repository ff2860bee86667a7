package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.gateway.decode.MalformedInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a line into as many columns as {@code #Fields} names. Columns stand apart by one space or tab; where that gives too
 * many, by those outside quotes, as the draft has texts in quotes; and where that fits neither, what is too much belongs to the
 * one column of addresses that a request was forwarded for, into which a visitor may write anything.
 */
final class W3cColumns {

    private final byte[] bytes;
    private final int from;
    private final int to;

    /** A column in the line. */
    record Column(int from, int to) {}

    W3cColumns(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /**
     * The columns.
     *
     * @param fields how many there must be
     * @param forwarded the one that may hold spaces; -1: none
     * @param quotes whether texts may be in quotes
     */
    List<Column> cut(List<String> fields, int forwarded, boolean quotes) throws MalformedInput {
        int count = fields.size();
        List<Column> plain = apart(false);
        List<Column> quoted = quotes ? apart(true) : plain;
        if (quoted.size() == count || plain.size() == count) {
            return whole(quoted.size() == count ? quoted : plain, fields);
        }
        if (forwarded >= 0 && plain.size() > count) {
            int more = plain.size() - count;
            List<Column> merged = new ArrayList<>(plain.subList(0, forwarded));
            merged.add(new Column(
                    plain.get(forwarded).from(), plain.get(forwarded + more).to()));
            merged.addAll(plain.subList(forwarded + more + 1, plain.size()));
            return whole(merged, fields);
        }
        List<Column> found = whole(quoted, fields);
        int at = found.size() < count ? to : found.get(count).from();
        throw MalformedInput.at(
                at - from,
                found.size() < count
                        ? "column " + fields.get(found.size()) + ", one of " + count
                        : "the end behind " + count + " columns");
    }

    private List<Column> whole(List<Column> columns, List<String> fields) throws MalformedInput {
        for (int i = 0; i < Math.min(columns.size(), fields.size()); i++) {
            if (columns.get(i).from() == columns.get(i).to()) {
                throw MalformedInput.at(
                        columns.get(i).from() - from, "column " + fields.get(i) + ", one of " + fields.size());
            }
        }
        return columns;
    }

    private List<Column> apart(boolean quotes) {
        List<Column> columns = new ArrayList<>();
        int begin = from;
        while (begin <= to) {
            int end = quotes ? behindQuote(begin) : begin;
            while (end < to && bytes[end] != ' ' && bytes[end] != '\t') {
                end++;
            }
            columns.add(new Column(begin, end));
            begin = end + 1;
        }
        return columns;
    }

    /** Behind the quote that ends a column as it begins; a doubled quote is one in it. */
    private int behindQuote(int begin) {
        int at = begin;
        if (at < to && bytes[at] == '"') {
            at++;
            while (at < to && !(bytes[at] == '"' && (at + 1 >= to || bytes[at + 1] != '"'))) {
                at += bytes[at] == '"' ? 2 : 1;
            }
            at = Math.min(at + 1, to);
        }
        return at;
    }

    /** What a column holds, without its quotes if it is a text in quotes. */
    byte[] value(Column column, boolean quotes) {
        boolean text = quotes
                && column.to() - column.from() >= 2
                && bytes[column.from()] == '"'
                && bytes[column.to() - 1] == '"'
                && behindQuote(column.from()) == column.to();
        if (!text) {
            return Arrays.copyOfRange(bytes, column.from(), column.to());
        }
        return new String(bytes, column.from() + 1, column.to() - column.from() - 2, ISO_8859_1)
                .replace("\"\"", "\"")
                .getBytes(ISO_8859_1);
    }
}
