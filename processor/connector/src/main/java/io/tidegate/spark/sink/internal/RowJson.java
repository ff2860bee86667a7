package io.tidegate.spark.sink.internal;

import java.io.StringWriter;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.catalyst.json.JacksonGenerator;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows as JSON objects, every column in order, nulls included, times in UTC with milliseconds. What Spark's {@code to_json}
 * makes of a row. One thread.
 */
public final class RowJson {

    private static final Map<String, String> OPTIONS = Map.of(
            "ignoreNullFields", "false",
            "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

    private final StringWriter text = new StringWriter();
    private final JacksonGenerator generator;

    /** For rows of these columns. */
    public RowJson(StructType schema) {
        generator = new JacksonGenerator(
                schema,
                text,
                new JSONOptions(
                        scala.collection.immutable.Map.from(CollectionConverters.asScala(OPTIONS)), "UTC", "_corrupt"));
    }

    /** A row as a JSON object, on one line. */
    public String of(InternalRow row) {
        text.getBuffer().setLength(0);
        generator.write(row);
        generator.flush();
        return text.toString();
    }
}
