package io.tidegate.processor.structured;

import io.tidegate.processor.query.Target;
import io.tidegate.spark.internal.FormatOptions;
import io.tidegate.spark.sink.internal.SinkProvider;
import io.tidegate.spark.sink.internal.SinkTable;
import io.tidegate.spark.sink.jdbc.JdbcSink;
import io.tidegate.spark.sink.mqtt.MqttSink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Writes each row of a query to all its places, in one pass over the rows. Options: {@code to}, the places with commas
 * between them; {@code query}, its name; those of each place after its name and a dot ({@code jdbc.url}).
 *
 * <p>The last column of the rows is {@value #BATCH}, the time of the batch, which goes into messages and not into tables.
 */
public final class ResultsSink extends SinkProvider {

    /** The time of the batch in ms, the same when the batch runs again: what readers tell old from new by. */
    public static final String BATCH = "batch";

    /** Made by Spark. */
    public ResultsSink() {
        super("tidegate-results");
    }

    @Override
    public SinkTable.Writes open(FormatOptions options) {
        String query = options.required("query");
        List<SinkTable.Writes> places = new ArrayList<>();
        for (String place : options.names("to")) {
            places.add(place(Target.valueOf(place), query, options));
        }
        return (schema, id) -> new MultiSinkWrite(
                places.stream().map(place -> place.of(schema, id)).toList());
    }

    private static SinkTable.Writes place(Target place, String query, FormatOptions options) {
        return switch (place) {
            case MQTT -> new MqttSink().open(part(MqttSink.NAME, place, query, options));
            case JDBC -> {
                SinkTable.Writes table = new JdbcSink().open(part(JdbcSink.NAME, place, query, options));
                yield (schema, id) -> table.of(withoutBatch(schema), id);
            }
            case FILES -> JsonLinesWrite.toFiles(query, Path.of(options.required("files.dir")));
            case CONSOLE -> JsonLinesWrite.toConsole(query);
        };
    }

    /** Those of one place. */
    private static FormatOptions part(String sink, Target place, String query, FormatOptions all) {
        String prefix = place.label() + ".";
        Map<String, String> part = new HashMap<>(Map.of("query", query));
        all.given().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), value);
            }
        });
        return new FormatOptions(sink, new CaseInsensitiveStringMap(part));
    }

    private static StructType withoutBatch(StructType schema) {
        return new StructType(Arrays.copyOf(schema.fields(), schema.length() - 1));
    }
}
