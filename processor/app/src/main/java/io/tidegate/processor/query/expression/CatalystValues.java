package io.tidegate.processor.query.expression;

import io.tidegate.processor.key.IsoTime;
import io.tidegate.spark.sink.jdbc.ColumnType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** From Catalyst's values to those of keys and results: texts, numbers, truth values; times as ISO-8601 in UTC. */
final class CatalystValues {

    private CatalystValues() {}

    /** One value of a scalar type. */
    static @Nullable Object of(@Nullable Object value, DataType type) {
        if (value == null || value instanceof String) {
            return value;
        }
        if (value instanceof UTF8String text) {
            return text.toString();
        }
        if (type instanceof TimestampType) {
            return IsoTime.text(Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS));
        }
        if (type instanceof DateType) {
            return LocalDate.ofEpochDay((Integer) value).toString();
        }
        return value instanceof Decimal decimal ? decimal.toJavaBigDecimal() : value;
    }

    /** How a table holds values of a scalar type, which here are texts, numbers and truth values. */
    static ColumnType columnType(DataType type) {
        if (type instanceof IntegralType) {
            return ColumnType.WHOLE;
        }
        if (type instanceof DecimalType) {
            return ColumnType.EXACT;
        }
        if (type instanceof NumericType) {
            return ColumnType.NUMBER;
        }
        if (type instanceof BooleanType) {
            return ColumnType.TRUTH;
        }
        if (type instanceof TimestampType) {
            return ColumnType.TIME;
        }
        return type instanceof DateType ? ColumnType.DATE : ColumnType.TEXT;
    }

    /** One value of a scalar type, or the distinct elements of an array. */
    static List<@Nullable Object> all(@Nullable Object value, DataType type) {
        if (type instanceof ArrayType array) {
            return value == null ? List.of() : distinct(value, array.elementType());
        }
        return Collections.singletonList(of(value, type));
    }

    /** The distinct elements of an array, in their order. */
    private static List<@Nullable Object> distinct(Object array, DataType elements) {
        Set<@Nullable Object> distinct = new LinkedHashSet<>();
        for (Object element : ((ArrayData) array).toObjectArray(elements)) {
            distinct.add(of(element, elements));
        }
        return new ArrayList<>(distinct);
    }

    /** A finite number as double, anything else as null. */
    static @Nullable Double number(@Nullable Object value) {
        double number = value instanceof Decimal decimal
                ? decimal.toDouble()
                : value instanceof Number n ? n.doubleValue() : Double.NaN;
        return Double.isFinite(number) ? number : null;
    }
}
