package io.tidegate.simulator.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The numbers of one column of a CSV file. */
final class CsvColumn {

    private CsvColumn() {}

    /**
     * The column's numbers from top to bottom.
     *
     * @throws Unusable when there is no such column, no line, or something in it that is no number
     */
    static List<Double> read(Path file, String column) throws IOException, Unusable {
        try (BufferedReader text = Files.newBufferedReader(file, UTF_8)) {
            CsvRows rows = new CsvRows(text);
            int index = rows.columns().indexOf(column);
            if (index < 0) {
                throw new Unusable(true, "one of the columns " + String.join(", ", rows.columns()));
            }
            List<Double> values = new ArrayList<>();
            while (rows.hasNext()) {
                values.add(number(rows.next(), index, column));
            }
            if (values.isEmpty()) {
                throw new Unusable(false, "at least one line below the names of the columns");
            }
            return values;
        } catch (CsvRows.Unreadable e) {
            throw new Unusable(false, "a CSV file (" + e.getMessage() + ")");
        }
    }

    private static double number(CsvRows.Row row, int index, String column) throws Unusable {
        try {
            return Double.parseDouble(row.cell(index));
        } catch (NumberFormatException e) {
            throw new Unusable(false, "a number under " + column + " in line " + row.line());
        }
    }

    /** What is wrong with the file, to follow "expected:". */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;
        private final boolean column;

        Unusable(boolean column, String expected) {
            super(expected);
            this.column = column;
        }

        /** Whether it is the column that is not there. */
        boolean isColumn() {
            return column;
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
