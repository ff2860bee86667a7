package io.tidegate.processor.query;

import io.tidegate.processor.partial.ByKey;
import io.tidegate.spark.jdbc.ColumnType;
import io.tidegate.spark.table.Column;
import io.tidegate.spark.table.EventRow;
import io.tidegate.spark.table.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Says for one event after the other whether a query counts it, under which keys and with which value. For one thread;
 * {@link Evaluators} hands it from task to task.
 */
public final class RowEvaluator {

    /** So many keys keep their text; the hash of a value is cheaper than its JSON. */
    private static final int REMEMBERED_KEYS = 20_000;

    private final @Nullable RowFunction where;
    private final List<KeyPart> by;
    private final RowFunction value;
    private final Map<List<@Nullable Object>, String> texts = new HashMap<>();

    private RowEvaluator(@Nullable RowFunction where, List<KeyPart> by, RowFunction value) {
        this.where = where;
        this.by = by;
        this.value = value;
    }

    /** One column of the key: an array counts under each of its elements. */
    private record KeyPart(RowFunction function, DataType type) {

        List<@Nullable Object> values(EventRow row) {
            Object value = function.of(row);
            if (type instanceof ArrayType array) {
                return value == null ? List.of() : KeyValues.distinct(value, array.elementType());
            }
            return Collections.singletonList(KeyValues.of(value, type));
        }
    }

    /**
     * Compiles the expressions.
     *
     * @throws SqlMistake when one of them can't be used where it stands
     */
    public static RowEvaluator of(RowExpressions expressions) throws SqlMistake {
        Table from = expressions.from();
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

    private static KeyPart part(Table from, String expression) throws SqlMistake {
        Optional<Column> plain = from.column(expression);
        if (plain.isPresent()) {
            return new KeyPart(plain.get()::read, plain.get().type());
        }
        SqlExpression resolved = Expressions.key(from, expression);
        return new KeyPart(resolved.compile(), resolved.type());
    }

    private static RowFunction function(Table from, String expression) throws SqlMistake {
        Optional<Column> plain = from.column(expression);
        return plain.isPresent()
                ? plain.get()::read
                : Expressions.number(from, expression).compile();
    }

    /** What a table calls the type of a column of the key; of an array that of its elements. */
    static ColumnType columnType(Table from, ByColumn column) throws SqlMistake {
        Optional<Column> plain = from.column(column.expression());
        DataType type = plain.isPresent()
                ? plain.get().type()
                : Expressions.key(from, column.expression()).type();
        return KeyValues.columnType(type instanceof ArrayType array ? array.elementType() : type);
    }

    /** Whether {@code where} holds; unknown is no. */
    public boolean counts(EventRow row) {
        return where == null || Boolean.TRUE.equals(where.of(row));
    }

    /** The canonical texts of the event's keys: one, or one per combination of distinct elements of arrays, maybe none. */
    public List<String> keys(EventRow row) {
        if (by.size() == 1) {
            return texts(by.get(0).values(row).stream()
                    .map(Collections::singletonList)
                    .toList());
        }
        List<List<@Nullable Object>> keys = List.of(List.of());
        for (KeyPart part : by) {
            keys = product(keys, part.values(row));
        }
        return texts(keys);
    }

    private static List<List<@Nullable Object>> product(
            List<List<@Nullable Object>> keys, List<@Nullable Object> values) {
        List<List<@Nullable Object>> product = new ArrayList<>(keys.size() * values.size());
        for (List<@Nullable Object> key : keys) {
            for (Object value : values) {
                List<@Nullable Object> longer = new ArrayList<>(key);
                longer.add(value);
                product.add(longer);
            }
        }
        return product;
    }

    private List<String> texts(List<? extends List<@Nullable Object>> keys) {
        if (texts.size() > REMEMBERED_KEYS) {
            texts.clear();
        }
        Set<String> distinct = new LinkedHashSet<>();
        for (List<@Nullable Object> key : keys) {
            distinct.add(texts.computeIfAbsent(key, ByKey::encode));
        }
        return List.copyOf(distinct);
    }

    /** What is aggregated; null when there is nothing, or no finite number. */
    public @Nullable Double value(EventRow row) {
        return KeyValues.number(value.of(row));
    }
}
