package io.tidegate.spark.sink.jdbc;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table.
 *
 * @param source what it comes from, for people: the name of a query
 * @param values in the order of the columns, each as its {@link ColumnType} says, or null
 */
public record JdbcRow(String source, JdbcTable table, List<@Nullable Object> values) implements Serializable {

    private static final int LONGEST = 200;

    /** Keeps its own copy. */
    public JdbcRow {
        values = Collections.unmodifiableList(new ArrayList<>(values));
        if (values.size() != table.columns().size()) {
            throw new IllegalArgumentException("values: " + values.size() + " (expected: "
                    + table.columns().size() + ")");
        }
    }

    /** Which row it is: its source and the values of key and version. */
    String label() {
        return "query " + source + ", "
                + table.identifying().stream()
                        .map(name -> name + " = " + shown(values.get(table.indexOf(name))))
                        .collect(Collectors.joining(", "));
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
