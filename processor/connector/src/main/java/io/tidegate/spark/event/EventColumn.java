package io.tidegate.spark.event;

import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a {@link EventTable}.
 *
 * @param name in SQL and in results
 * @param type as SQL has it
 * @param value of the event under the cursor: texts as String, instants as microseconds, numbers as they are; null when
 *     the event has none
 */
public record EventColumn(String name, DataType type, Function<EventRow, @Nullable Object> value) {

    /** The value of the event under the cursor; null when it has none. */
    public @Nullable Object read(EventRow row) {
        return value.apply(row);
    }
}
