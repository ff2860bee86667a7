package io.tidegate.spark.table;

import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a {@link Table}.
 *
 * @param name in SQL and in results
 * @param type as SQL has it
 * @param value of the event under the cursor: texts as String, instants as microseconds, numbers as they are; null when
 *     the event has none
 */
public record Column(String name, DataType type, Function<EventRow, @Nullable Object> value) {

    /** The value of the event under the cursor; null when it has none. */
    public @Nullable Object read(EventRow row) {
        return value.apply(row);
    }
}
