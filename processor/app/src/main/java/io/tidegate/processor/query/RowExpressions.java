package io.tidegate.processor.query;

import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.jdbc.ColumnType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a query makes of one event, as text: text is what a checkpoint can hold for years.
 *
 * @param from the table whose rows they look at
 * @param where which events count; empty: all
 * @param by under which key
 * @param value what is aggregated
 */
public record RowExpressions(EventTable from, String where, List<ByColumn> by, String value) implements Serializable {

    public RowExpressions {
        by = List.copyOf(by);
    }

    /** The predicate, if there is one. */
    Optional<String> predicate() {
        return where.isBlank() ? Optional.empty() : Optional.of(where);
    }

    /**
     * The types that the key's columns have in a table, in order.
     *
     * @throws IllegalStateException when an expression is none; reading the configuration has told that
     */
    public List<ColumnType> byTypes() {
        List<ColumnType> types = new ArrayList<>();
        for (ByColumn column : by) {
            try {
                types.add(RowEvaluator.columnType(from, column));
            } catch (SqlMistake e) {
                throw new IllegalStateException("an expression that was good before: " + column.expression(), e);
            }
        }
        return types;
    }

    /**
     * The columns of the table that they look at.
     *
     * @throws IllegalStateException when an expression is none; reading the configuration has told that
     */
    public Set<String> columns() {
        try {
            return RowEvaluator.columns(this);
        } catch (SqlMistake e) {
            throw new IllegalStateException("an expression that was good before: " + this, e);
        }
    }

    /** The names of the key's columns, in order. */
    public List<String> byNames() {
        return by.stream().map(ByColumn::name).toList();
    }
}
