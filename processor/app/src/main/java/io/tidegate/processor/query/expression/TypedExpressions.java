package io.tidegate.processor.query.expression;

import io.tidegate.spark.event.EventTable;

/** Expressions in their places, each with the type that its place needs. */
public final class TypedExpressions {

    private TypedExpressions() {}

    /** For {@code where}. */
    public static ResolvedExpression predicate(EventTable from, String text) throws InvalidSqlException {
        ResolvedExpression resolved = SparkSql.resolve(from, text);
        if (!resolved.isPredicate()) {
            throw new InvalidSqlException("its type is " + resolved.type().sql() + ", it must be BOOLEAN");
        }
        return resolved;
    }

    /** For an entry of {@code by}. */
    public static ResolvedExpression key(EventTable from, String text) throws InvalidSqlException {
        ResolvedExpression resolved = SparkSql.resolve(from, text);
        if (!resolved.isKey()) {
            throw new InvalidSqlException("its type is " + resolved.type().sql()
                    + ", it must be a text, a number, a truth value, a time or an array of such");
        }
        return resolved;
    }

    /** For {@code value}. */
    public static ResolvedExpression number(EventTable from, String text) throws InvalidSqlException {
        ResolvedExpression resolved = SparkSql.resolve(from, text);
        if (!resolved.isNumber()) {
            throw new InvalidSqlException("its type is " + resolved.type().sql() + ", it must be a number");
        }
        return resolved;
    }
}
