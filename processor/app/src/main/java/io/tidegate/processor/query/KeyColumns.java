package io.tidegate.processor.query;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * The keys of rows that Spark has computed the columns of {@code by} for: the same texts as those of {@link RowEvaluator}.
 * For one thread.
 */
public final class KeyColumns {

    private final int first;
    private final int columns;
    private final KeyTexts texts = new KeyTexts();

    /**
     * For rows that have the key in some columns, one after the other.
     *
     * @param first the place of the first, from 0
     */
    public KeyColumns(int first, int columns) {
        this.first = first;
        this.columns = columns;
    }

    /** The canonical texts of a row's keys: one, or one per combination of distinct elements of arrays, maybe none. */
    public List<String> keys(Row row) {
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (int i = first; i < first + columns; i++) {
            DataType type = row.schema().fields()[i].dataType();
            values.add(KeyValues.all(CatalystTypeConverters.convertToCatalyst(row.get(i)), type));
        }
        return texts.of(values);
    }
}
