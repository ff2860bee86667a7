package io.tidegate.spark.sink.jdbc;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table of results.
 *
 * @param name any text: it is quoted
 * @param columns all that are written; the table may have more
 * @param key names of columns: rows with equal ones, nulls included, replace each other; none: every row stays
 * @param version names of columns that are never null: a row does not replace one whose version is greater, compared
 *     column by column; of rows with the same version, or without one, the last one stays
 */
public record JdbcTable(String name, List<JdbcColumn> columns, List<String> key, List<String> version)
        implements Serializable {

    /** Keeps its own copies. */
    public JdbcTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        version = List.copyOf(version);
        List<String> names = columns.stream().map(JdbcColumn::name).toList();
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("columns: " + names + " (expected: each once)");
        }
        boolean versionOfNothing = key.isEmpty() && !version.isEmpty();
        if (versionOfNothing || !names.containsAll(key) || !names.containsAll(version)) {
            throw new IllegalArgumentException(
                    "key: " + key + ", version: " + version + " (expected: some of the columns " + names + ")");
        }
    }

    /** The names of all columns, in order. */
    public List<String> columnNames() {
        return columns.stream().map(JdbcColumn::name).toList();
    }

    /** Whether no column of the key can be null. */
    boolean hasRequiredKey() {
        return columns.stream().filter(column -> key.contains(column.name())).allMatch(JdbcColumn::required);
    }

    /** The place of a column. */
    int indexOf(String column) {
        return columnNames().indexOf(column);
    }

    /** What tells rows and their versions apart: the key's columns, then the version's; without a key, all. */
    List<String> identifying() {
        return key.isEmpty()
                ? columnNames()
                : Stream.concat(key.stream(), version.stream()).distinct().toList();
    }
}
