package io.tidegate.processor.query.expression;

import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.spark.event.EventColumn;
import io.tidegate.spark.event.EventRow;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.jdbc.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Says for one event after the other, a row with all columns of its table, whether a query counts it, under which keys and
 * with which value. For one thread; {@link EvaluatorPool} hands it from task to task.
 */
public final class RowEvaluator {

    private final @Nullable CompiledExpression where;
    private final List<KeyPart> by;
    private final CompiledExpression value;
    private final KeyEncoder texts = new KeyEncoder();

    private RowEvaluator(@Nullable CompiledExpression where, List<KeyPart> by, CompiledExpression value) {
        this.where = where;
        this.by = by;
        this.value = value;
    }

    /** One column of the key: an array counts under each of its elements. */
    private record KeyPart(CompiledExpression function, DataType type) {

        List<@Nullable Object> values(InternalRow row) {
            return CatalystValues.all(function.of(row), type);
        }
    }

    /**
     * Compiles the expressions.
     *
     * @throws InvalidSqlException when one of them can't be used where it stands
     */
    public static RowEvaluator of(RowExpressions expressions) throws InvalidSqlException {
        EventTable from = expressions.from();
        Optional<String> predicate = expressions.predicate();
        CompiledExpression where = predicate.isEmpty()
                ? null
                : TypedExpressions.predicate(from, predicate.get()).compile();
        List<KeyPart> by = new ArrayList<>();
        for (ByColumn column : expressions.by()) {
            by.add(part(from, column.expression()));
        }
        return new RowEvaluator(where, by, function(from, expressions.value()));
    }

    private static KeyPart part(EventTable from, String expression) throws InvalidSqlException {
        Optional<EventColumn> plain = from.column(expression);
        if (plain.isPresent()) {
            return new KeyPart(plain(from, plain.get()), plain.get().type());
        }
        ResolvedExpression resolved = TypedExpressions.key(from, expression);
        return new KeyPart(resolved.compile(), resolved.type());
    }

    private static CompiledExpression function(EventTable from, String expression) throws InvalidSqlException {
        Optional<EventColumn> plain = from.column(expression);
        return plain.isPresent()
                ? plain(from, plain.get())
                : TypedExpressions.number(from, expression).compile();
    }

    /** A plain column costs no Catalyst: of the cursor over events it is read without even an UTF8String. */
    private static CompiledExpression plain(EventTable from, EventColumn column) {
        int ordinal = from.columns().indexOf(column);
        DataType type = column.type();
        return row -> row instanceof EventRow event
                ? column.read(event)
                : row.isNullAt(ordinal) ? null : row.get(ordinal, type);
    }

    /**
     * The columns of the table that some expressions look at.
     *
     * @throws IllegalStateException when one is no expression, which reading the configuration has told already
     */
    public static Set<String> columns(RowExpressions expressions) {
        EventTable from = expressions.from();
        Set<String> texts = new LinkedHashSet<>();
        expressions.predicate().ifPresent(texts::add);
        expressions.by().forEach(column -> texts.add(column.expression()));
        texts.add(expressions.value());
        Set<String> names = new LinkedHashSet<>();
        for (String text : texts) {
            Optional<EventColumn> plain = from.column(text);
            names.addAll(
                    plain.isPresent()
                            ? Set.of(plain.get().name())
                            : checked(text, () -> SparkSql.resolve(from, text)).columns());
        }
        return names;
    }

    /**
     * The types that the key's columns have in a table, in order; of an array the type of its elements.
     *
     * @throws IllegalStateException when one is no expression, which reading the configuration has told already
     */
    public static List<ColumnType> keyTypes(RowExpressions expressions) {
        return expressions.by().stream()
                .map(column -> columnType(expressions.from(), column.expression()))
                .toList();
    }

    private static ColumnType columnType(EventTable from, String expression) {
        DataType type = from.column(expression)
                .map(EventColumn::type)
                .orElseGet(() -> checked(expression, () -> TypedExpressions.key(from, expression))
                        .type());
        return CatalystValues.columnType(type instanceof ArrayType array ? array.elementType() : type);
    }

    private interface Resolution {
        ResolvedExpression resolve() throws InvalidSqlException;
    }

    private static ResolvedExpression checked(String expression, Resolution resolution) {
        try {
            return resolution.resolve();
        } catch (InvalidSqlException e) {
            throw new IllegalStateException("an expression that was good before: " + expression, e);
        }
    }

    /** Whether {@code where} holds; unknown is no. Like the others, it may throw whatever a function of Spark throws. */
    public boolean matches(InternalRow row) {
        return where == null || Boolean.TRUE.equals(where.of(row));
    }

    /** The canonical texts of the event's keys: one, or one per combination of distinct elements of arrays, maybe none. */
    public List<String> keys(InternalRow row) {
        List<List<@Nullable Object>> columns = new ArrayList<>(by.size());
        for (KeyPart part : by) {
            columns.add(part.values(row));
        }
        return texts.of(columns);
    }

    /** What is aggregated; null when there is nothing, or no finite number. */
    public @Nullable Double value(InternalRow row) {
        return CatalystValues.number(value.of(row));
    }
}
