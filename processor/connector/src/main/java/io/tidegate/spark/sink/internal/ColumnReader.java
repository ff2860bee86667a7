package io.tidegate.spark.sink.internal;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * One column of Spark's rows as plain Java values: {@link String}, {@link Long}, {@link Double}, {@link BigDecimal},
 * {@link Boolean}, {@link Instant}, {@link LocalDate}, or null. A column of any other type has no reader.
 *
 * @param field the column
 * @param ordinal its place, from 0
 */
public record ColumnReader(StructField field, int ordinal) implements Serializable {

    private static final Set<Class<? extends DataType>> PLAIN = Set.of(
            StringType.class,
            LongType.class,
            IntegerType.class,
            ShortType.class,
            ByteType.class,
            DoubleType.class,
            FloatType.class,
            DecimalType.class,
            BooleanType.class,
            TimestampType.class,
            DateType.class);
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    /** Refuses a type that has no plain value. */
    public ColumnReader {
        if (PLAIN.stream().noneMatch(type -> type.isInstance(field.dataType()))) {
            throw new IllegalArgumentException("column " + field.name() + ": "
                    + field.dataType().simpleString()
                    + " (expected: text, a number, a truth value, a timestamp or a date; of a window, window.start AS"
                    + " start; to_json(column) makes text of anything)");
        }
    }

    /** A reader for each column, in order. */
    public static List<ColumnReader> of(StructType schema) {
        StructField[] fields = schema.fields();
        return IntStream.range(0, fields.length)
                .mapToObj(i -> new ColumnReader(fields[i], i))
                .toList();
    }

    /** The reader of a column, by its name as it is written. */
    public static ColumnReader named(StructType schema, String name) {
        int ordinal = List.of(schema.fieldNames()).indexOf(name);
        if (ordinal < 0) {
            throw new IllegalArgumentException(
                    "column " + name + " (expected: one of " + String.join(", ", schema.fieldNames()) + ")");
        }
        return new ColumnReader(schema.fields()[ordinal], ordinal);
    }

    /** Its value in a row. */
    public @Nullable Object of(InternalRow row) {
        DataType type = field.dataType();
        Object value = row.isNullAt(ordinal) ? null : row.get(ordinal, type);
        if (type instanceof TimestampType && value instanceof Long micros) {
            return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        } else if (type instanceof DateType && value instanceof Integer days) {
            return LocalDate.ofEpochDay(days);
        } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        } else if (value instanceof Float number) {
            // 0.1f is 0.1, not 0.10000000149.
            return Double.parseDouble(Float.toString(number));
        } else if (value instanceof Decimal decimal) {
            return decimal.toJavaBigDecimal();
        }
        return value instanceof UTF8String text ? text.toString() : value;
    }

    /** Its value as text: times in UTC with milliseconds, as everywhere in Tidegate; null stays null. */
    public @Nullable String text(InternalRow row) {
        Object value = of(row);
        if (value == null) {
            return null;
        }
        return value instanceof Instant instant ? MILLIS.format(instant) : value.toString();
    }
}
