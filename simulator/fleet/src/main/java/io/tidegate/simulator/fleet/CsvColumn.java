package io.tidegate.simulator.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The numbers of one column of a CSV file. The first line names the columns; nothing is quoted. */
final class CsvColumn {

    private CsvColumn() {}

    /**
     * The column's numbers from top to bottom.
     *
     * @throws Unusable when there is no such column, no line, or something in it that is no number
     */
    static List<Double> read(Path file, String column) throws IOException, Unusable {
        List<String> lines = Files.readAllLines(file, UTF_8);
        List<String> names = lines.isEmpty() ? List.of() : cells(lines.get(0));
        int index = names.indexOf(column);
        if (index < 0) {
            throw new Unusable(true, "one of the columns " + String.join(", ", names));
        }
        List<Double> values = new ArrayList<>();
        for (int line = 1; line < lines.size(); line++) {
            List<String> cells = cells(lines.get(line));
            try {
                values.add(Double.valueOf(cells.get(Math.min(index, cells.size() - 1))));
            } catch (NumberFormatException e) {
                throw new Unusable(false, "a number under " + column + " in line " + (line + 1));
            }
        }
        if (values.isEmpty()) {
            throw new Unusable(false, "at least one line below the names of the columns");
        }
        return values;
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
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
