package io.tidegate.spark.sink.internal;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
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
import org.jspecify.annotations.Nullable;

/**
 * One column of Spark's rows as plain Java values: {@link String}, {@link Long}, {@link Double}, {@link BigDecimal},
 * {@link Boolean}, {@link Instant}, {@link LocalDate}, or null. A column of any other type has no cell.
 *
 * @param field the column
 * @param ordinal its place, from 0
 */
public record ColumnReader(StructField field, int ordinal) implements Serializable {

    private static final long MICROS = 1_000_000;
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** Refuses a type that has no plain value. */
    public ColumnReader {
        if (!isPlain(field.dataType())) {
            throw new IllegalArgumentException("column " + field.name() + ": "
                    + field.dataType().simpleString()
                    + " (expected: text, a number, a truth value, a timestamp or a date; of a window, window.start AS"
                    + " start; to_json(column) makes text of anything)");
        }
    }

    /** A cell for each column, in order. */
    public static List<ColumnReader> of(StructType schema) {
        StructField[] fields = schema.fields();
        return IntStream.range(0, fields.length)
                .mapToObj(i -> new ColumnReader(fields[i], i))
                .toList();
    }

    /** The cell of a column, by its name as it is written. */
    public static ColumnReader named(StructType schema, String name) {
        int ordinal = List.of(schema.fieldNames()).indexOf(name);
        if (ordinal < 0) {
            throw new IllegalArgumentException(
                    "column " + name + " (expected: one of " + String.join(", ", schema.fieldNames()) + ")");
        }
        return new ColumnReader(schema.fields()[ordinal], ordinal);
    }

    private static boolean isPlain(DataType type) {
        return type instanceof StringType
                || type instanceof LongType
                || type instanceof IntegerType
                || type instanceof ShortType
                || type instanceof ByteType
                || type instanceof DoubleType
                || type instanceof FloatType
                || type instanceof DecimalType
                || type instanceof BooleanType
                || type instanceof TimestampType
                || type instanceof DateType;
    }

    /** Its value in a row. */
    public @Nullable Object of(InternalRow row) {
        if (row.isNullAt(ordinal)) {
            return null;
        }
        DataType type = field.dataType();
        if (type instanceof StringType) {
            return row.getUTF8String(ordinal).toString();
        } else if (type instanceof BooleanType) {
            return row.getBoolean(ordinal);
        } else if (type instanceof TimestampType) {
            long micros = row.getLong(ordinal);
            return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
        } else if (type instanceof DateType) {
            return LocalDate.ofEpochDay(row.getInt(ordinal));
        }
        return number(row, type);
    }

    private Number number(InternalRow row, DataType type) {
        if (type instanceof LongType) {
            return row.getLong(ordinal);
        } else if (type instanceof IntegerType) {
            return (long) row.getInt(ordinal);
        } else if (type instanceof DoubleType) {
            return row.getDouble(ordinal);
        } else if (type instanceof FloatType) {
            // 0.1f is 0.1, not 0.10000000149.
            return Double.parseDouble(Float.toString(row.getFloat(ordinal)));
        } else if (type instanceof DecimalType decimal) {
            return row.getDecimal(ordinal, decimal.precision(), decimal.scale()).toJavaBigDecimal();
        }
        return (long) (type instanceof ShortType ? row.getShort(ordinal) : row.getByte(ordinal));
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
