package io.tidegate.spark.jdbc;

import java.io.Serializable;

/**
 * A column of a table.
 *
 * @param name any text: it is quoted
 * @param required whether it is never null
 */
public record Column(String name, ColumnType type, boolean required) implements Serializable {

    /** One that is never null. */
    public static Column required(String name, ColumnType type) {
        return new Column(name, type, true);
    }

    /** One that may be null. */
    public static Column optional(String name, ColumnType type) {
        return new Column(name, type, false);
    }
}
