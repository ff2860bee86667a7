package io.tidegate.simulator.fleet;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The rows of a CSV file (RFC 4180): the first line names the columns. Blank around a cell is left out, empty lines are
 * passed over. Read as it is asked. Not thread-safe.
 */
public final class CsvRows implements Iterator<CsvRows.Row> {

    private final MappingIterator<String[]> lines;
    private final List<String> columns;

    /** Reads the names of the columns; none when there is nothing to read. */
    public CsvRows(Reader text) throws IOException {
        lines = new CsvMapper()
                .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                .enable(CsvParser.Feature.TRIM_SPACES)
                .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                .readerFor(String[].class)
                .readValues(text);
        columns = lines.hasNextValue() ? List.copyOf(Arrays.asList(lines.nextValue())) : List.of();
    }

    /** Their names, from left to right. */
    public List<String> columns() {
        return columns;
    }

    @Override
    public boolean hasNext() {
        return lines.hasNext();
    }

    /**
     * The next row.
     *
     * @throws Unreadable when the text is no CSV from here on
     */
    @Override
    public Row next() {
        try {
            if (!lines.hasNextValue()) {
                throw new NoSuchElementException("no more rows");
            }
            int line = lines.getCurrentLocation().getLineNr();
            return new Row(line, List.of(lines.nextValue()));
        } catch (JacksonException | RuntimeJsonMappingException e) {
            throw new Unreadable(e);
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    /**
     * A row.
     *
     * @param line where it ends in the file, from 1
     * @param cells from left to right
     */
    public record Row(int line, List<String> cells) {

        /** The cell of a column; empty when the row has not as many. */
        public String cell(int column) {
            return column < cells.size() ? cells.get(column) : "";
        }
    }

    /** Text that is no CSV, or a file that can't be read any more. */
    public static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(Exception cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }
}
