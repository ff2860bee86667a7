package io.tidegate.processor.query;

import io.tidegate.spark.event.EventTable;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What a query makes of one event, as text: text is what a checkpoint can hold for years.
 *
 * @param from the table whose rows they look at
 * @param where which events count; empty: all
 * @param by under which key
 * @param value what is aggregated
 */
public record RowExpressions(EventTable from, String where, List<ByColumn> by, String value) implements Serializable {

    /** Keeps its own copy. */
    public RowExpressions {
        by = List.copyOf(by);
    }

    /** The predicate, if there is one. */
    public Optional<String> predicate() {
        return where.isBlank() ? Optional.empty() : Optional.of(where);
    }

    /** The names of the key's columns, in order. */
    public List<String> byNames() {
        return by.stream().map(ByColumn::name).toList();
    }
}
