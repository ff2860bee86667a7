package io.tidegate.processor.query;

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
 * with which value. For one thread; {@link Evaluators} hands it from task to task.
 */
public final class RowEvaluator {

    private final @Nullable RowFunction where;
    private final List<KeyPart> by;
    private final RowFunction value;
    private final KeyTexts texts = new KeyTexts();

    private RowEvaluator(@Nullable RowFunction where, List<KeyPart> by, RowFunction value) {
        this.where = where;
        this.by = by;
        this.value = value;
    }

    /** One column of the key: an array counts under each of its elements. */
    private record KeyPart(RowFunction function, DataType type) {

        List<@Nullable Object> values(InternalRow row) {
            return KeyValues.all(function.of(row), type);
        }
    }

    /**
     * Compiles the expressions.
     *
     * @throws SqlMistake when one of them can't be used where it stands
     */
    public static RowEvaluator of(RowExpressions expressions) throws SqlMistake {
        EventTable from = expressions.from();
        Optional<String> predicate = expressions.predicate();
        RowFunction where = predicate.isEmpty()
                ? null
                : Expressions.predicate(from, predicate.get()).compile();
        List<KeyPart> by = new ArrayList<>();
        for (ByColumn column : expressions.by()) {
            by.add(part(from, column.expression()));
        }
        return new RowEvaluator(where, by, function(from, expressions.value()));
    }

    private static KeyPart part(EventTable from, String expression) throws SqlMistake {
        Optional<EventColumn> plain = from.column(expression);
        if (plain.isPresent()) {
            return new KeyPart(plain(from, plain.get()), plain.get().type());
        }
        SqlExpression resolved = Expressions.key(from, expression);
        return new KeyPart(resolved.compile(), resolved.type());
    }

    private static RowFunction function(EventTable from, String expression) throws SqlMistake {
        Optional<EventColumn> plain = from.column(expression);
        return plain.isPresent()
                ? plain(from, plain.get())
                : Expressions.number(from, expression).compile();
    }

    /** A plain column costs no Catalyst: of the cursor over events it is read without even an UTF8String. */
    private static RowFunction plain(EventTable from, EventColumn column) {
        int ordinal = from.columns().indexOf(column);
        DataType type = column.type();
        return row -> row instanceof EventRow event
                ? column.read(event)
                : row.isNullAt(ordinal) ? null : row.get(ordinal, type);
    }

    /** The columns of the table that some expressions look at. */
    static Set<String> columns(RowExpressions expressions) throws SqlMistake {
        EventTable from = expressions.from();
        Set<String> columns = new LinkedHashSet<>();
        expressions.predicate().ifPresent(columns::add);
        expressions.by().forEach(column -> columns.add(column.expression()));
        columns.add(expressions.value());
        Set<String> names = new LinkedHashSet<>();
        for (String expression : columns) {
            Optional<EventColumn> plain = from.column(expression);
            names.addAll(
                    plain.isPresent()
                            ? Set.of(plain.get().name())
                            : Sql.resolve(from, expression).columns());
        }
        return names;
    }

    /** What a table calls the type of a column of the key; of an array that of its elements. */
    static ColumnType columnType(EventTable from, ByColumn column) throws SqlMistake {
        Optional<EventColumn> plain = from.column(column.expression());
        DataType type = plain.isPresent()
                ? plain.get().type()
                : Expressions.key(from, column.expression()).type();
        return KeyValues.columnType(type instanceof ArrayType array ? array.elementType() : type);
    }

    /** Whether {@code where} holds; unknown is no. Like the others, it may throw whatever a function of Spark throws. */
    public boolean counts(InternalRow row) {
        return where == null || Boolean.TRUE.equals(where.of(row));
    }

    /** The canonical texts of the event's keys: one, or one per combination of distinct elements of arrays, maybe none. */
    public List<String> keys(InternalRow row) {
        return texts.of(by.stream().map(part -> part.values(row)).toList());
    }

    /** What is aggregated; null when there is nothing, or no finite number. */
    public @Nullable Double value(InternalRow row) {
        return KeyValues.number(value.of(row));
    }
}
