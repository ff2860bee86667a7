package io.tidegate.spark.sink.jdbc;

import java.io.Serializable;

/**
 * A column of a table.
 *
 * @param name any text: it is quoted
 * @param required whether it is never null
 */
public record JdbcColumn(String name, ColumnType type, boolean required) implements Serializable {

    /** One that is never null. */
    public static JdbcColumn required(String name, ColumnType type) {
        return new JdbcColumn(name, type, true);
    }

    /** One that may be null. */
    public static JdbcColumn optional(String name, ColumnType type) {
        return new JdbcColumn(name, type, false);
    }
}
