package io.tidegate.processor.query;

import java.io.Serializable;
import java.util.List;

/**
 * What results are about.
 *
 * @param query the query's name
 * @param by the names of its {@code by} columns, in their order; empty when it has none
 */
public record Subject(String query, List<String> by) implements Serializable {

    /** Keeps its own copy. */
    public Subject {
        by = List.copyOf(by);
    }
}
