package io.tidegate.processor.query;

import io.tidegate.protocol.v1.TimeSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** The columns of {@code readings}, in their order. A value is null when the event has none. */
@SuppressWarnings("ImmutableEnumChecker") // types and method references of Catalyst and protobuf are
public enum Column {
    DEVICE(DataTypes.StringType, row -> row.reading().getDevice()),
    METRIC(DataTypes.StringType, row -> row.reading().getMetric()),
    VALUE(DataTypes.DoubleType, row -> row.reading().hasValue() ? row.reading().getValue() : null),
    TEXT(DataTypes.StringType, row -> row.reading().hasText() ? row.reading().getText() : null),
    UNIT(DataTypes.StringType, row -> row.reading().hasUnit() ? row.reading().getUnit() : null),
    TIME(DataTypes.TimestampType, row -> row.event().getTimeUs()),
    TIME_SOURCE(DataTypes.StringType, row -> source(row.event().getTimeSource())),
    RECEIVED(DataTypes.TimestampType, row -> row.event().getReceivedMs() * 1000),
    SEQ(DataTypes.LongType, row -> row.reading().hasSeq() ? row.reading().getSeq() : null),
    GATEWAY(DataTypes.StringType, EventRow::gateway),
    KEY_GROUP(DataTypes.IntegerType, EventRow::keyGroup),
    OFFSET(DataTypes.LongType, EventRow::offset);

    private final DataType type;
    private final Function<EventRow, @Nullable Object> read;

    Column(DataType type, Function<EventRow, @Nullable Object> read) {
        this.type = type;
        this.read = read;
    }

    /** The column of that name, in any case, as SQL has it. */
    static Optional<Column> named(String name) {
        return Arrays.stream(values())
                .filter(c -> c.columnName().equalsIgnoreCase(name.strip()))
                .findFirst();
    }

    /** All names, for people. */
    static String names() {
        return Arrays.stream(values()).map(Column::columnName).collect(Collectors.joining(", "));
    }

    /** The name in SQL and in results. */
    public String columnName() {
        return name().toLowerCase(Locale.ROOT);
    }

    DataType type() {
        return type;
    }

    /** Texts as String, instants as microseconds, numbers as they are. */
    @Nullable
    Object read(EventRow row) {
        return read.apply(row);
    }

    private static String source(TimeSource source) {
        return source.name().toLowerCase(Locale.ROOT);
    }
}
