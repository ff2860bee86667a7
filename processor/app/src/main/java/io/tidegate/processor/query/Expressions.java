package io.tidegate.processor.query;

import io.tidegate.spark.event.EventTable;

/** Expressions in their places, each with the type that its place needs. */
final class Expressions {

    private Expressions() {}

    /** For {@code where}. */
    static SqlExpression predicate(EventTable from, String text) throws SqlMistake {
        SqlExpression resolved = Sql.resolve(from, text);
        if (!resolved.isPredicate()) {
            throw new SqlMistake("its type is " + resolved.type().sql() + ", it must be BOOLEAN");
        }
        return resolved;
    }

    /** For an entry of {@code by}. */
    static SqlExpression key(EventTable from, String text) throws SqlMistake {
        SqlExpression resolved = Sql.resolve(from, text);
        if (!resolved.isKey()) {
            throw new SqlMistake("its type is " + resolved.type().sql()
                    + ", it must be a text, a number, a truth value, a time or an array of such");
        }
        return resolved;
    }

    /** For {@code value}. */
    static SqlExpression number(EventTable from, String text) throws SqlMistake {
        SqlExpression resolved = Sql.resolve(from, text);
        if (!resolved.isNumber()) {
            throw new SqlMistake("its type is " + resolved.type().sql() + ", it must be a number");
        }
        return resolved;
    }
}
