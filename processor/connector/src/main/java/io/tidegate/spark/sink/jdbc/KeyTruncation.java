package io.tidegate.spark.sink.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes texts short enough for the index of a table's key. A text with more bytes than its column has room for becomes its
 * beginning, {@code %~} and 16 hexadecimal digits of its SHA-256: different texts stay different, and the same text is the
 * same in every row. What stands in other columns stays whole. Pure: any thread.
 *
 * @param places of the text columns of the key
 * @param mostBytes of each of them
 */
record KeyTruncation(List<Integer> places, int mostBytes) {

    private static final String MARK = "%~";
    private static final int DIGEST_DIGITS = 16;
    private static final int SUFFIX = MARK.length() + DIGEST_DIGITS;
    /** For a column that is no text, its alignment and header included: a number of 38 digits takes as much. */
    private static final int OTHER_COLUMN = 32;

    private static final int TEXT_HEADER = 8;
    private static final int MOST_BYTES_OF_A_CHARACTER = 3;

    /**
     * For a table.
     *
     * @param indexBytes how many bytes an entry of its index may have; the room is shared alike by the texts
     */
    static KeyTruncation of(JdbcTable table, int indexBytes) {
        List<Integer> places = new ArrayList<>();
        for (String name : table.key()) {
            int place = table.indexOf(name);
            if (table.columns().get(place).type() == ColumnType.TEXT) {
                places.add(place);
            }
        }
        int texts = Math.max(1, places.size());
        int others = table.key().size() - places.size();
        int room = (indexBytes - OTHER_COLUMN * others) / texts - TEXT_HEADER;
        return new KeyTruncation(List.copyOf(places), Math.max(room, 2 * SUFFIX));
    }

    /** The row as it is stored. */
    JdbcRow fitting(JdbcRow row) {
        List<@Nullable Object> values = null;
        for (int place : places) {
            if (row.values().get(place) instanceof String text && isLong(text)) {
                values = values == null ? new ArrayList<>(row.values()) : values;
                values.set(place, shortened(text));
            }
        }
        return values == null ? row : new JdbcRow(row.source(), row.table(), values);
    }

    private boolean isLong(String text) {
        return text.length() * MOST_BYTES_OF_A_CHARACTER > mostBytes && text.getBytes(UTF_8).length > mostBytes;
    }

    private String shortened(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        int end = mostBytes - SUFFIX;
        while ((bytes[end] & 0xC0) == 0x80) { // in the midst of a character
            end--;
        }
        return new String(bytes, 0, end, UTF_8)
                + MARK
                + DigestUtils.sha256Hex(bytes).substring(0, DIGEST_DIGITS);
    }
}
