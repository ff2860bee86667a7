package io.tidegate.spark.sink.mqtt;

import io.tidegate.protocol.TopicLevel;
import io.tidegate.spark.sink.internal.ColumnReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * A topic with columns in it: {@code results/{device}/max}. The value of a column becomes part of one level, whatever it
 * holds, as {@link TopicLevel} writes it.
 *
 * @param texts what stands before each column, and after the last
 * @param columns the columns
 */
record TopicTemplate(List<String> texts, List<ColumnReader> columns) implements Serializable {

    private static final Pattern COLUMN = Pattern.compile("\\{([^{}]*)}");

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException when it names no column of the schema, or can't be a topic to publish to
     */
    static TopicTemplate of(String template, StructType schema) {
        List<String> texts = new ArrayList<>();
        List<ColumnReader> columns = new ArrayList<>();
        Matcher match = COLUMN.matcher(template);
        int end = 0;
        while (match.find()) {
            texts.add(template.substring(end, match.start()));
            columns.add(ColumnReader.named(schema, match.group(1)));
            end = match.end();
        }
        texts.add(template.substring(end));
        if (String.join("", texts).matches("(?s).*[+#{}\0].*") || template.startsWith("$")) {
            throw new IllegalArgumentException(
                    "topic " + template + " (expected: a topic without + # and $; {column} for a column's value)");
        }
        return new TopicTemplate(List.copyOf(texts), List.copyOf(columns));
    }

    /** The topic of a row. */
    String of(InternalRow row) {
        StringBuilder topic = new StringBuilder(texts.get(0));
        for (int i = 0; i < columns.size(); i++) {
            topic.append(TopicLevel.of(columns.get(i).text(row))).append(texts.get(i + 1));
        }
        return topic.toString();
    }
}
