package io.tidegate.spark.sink.jdbc;

import io.tidegate.spark.internal.FormatOptions;
import io.tidegate.spark.sink.internal.ColumnReader;
import io.tidegate.spark.sink.internal.SinkProvider;
import io.tidegate.spark.sink.internal.SinkTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * {@code writeStream().format("tidegate-jdbc")}: a structured stream into a table, every batch once. Options:
 *
 * <ul>
 *   <li>{@code url}: {@code jdbc:h2:…} or {@code jdbc:postgresql:…}; {@code user}, {@code password}
 *   <li>{@code dbtable}: the table, made when it is missing, with the columns of the query
 *   <li>{@code key}: columns with commas between them: a row replaces the one with the same key. The output mode {@code
 *       update} needs it. Without it rows are only inserted.
 *   <li>{@code query}: its name in messages. Default: the id that it has in its checkpoint
 *   <li>{@code retryFor}: for so many seconds a database that is away is tried again; then the query fails, and its
 *       restart writes the batch. Default 60.
 * </ul>
 *
 * <p>A batch is written by the driver, so its rows must have room there.
 */
public final class JdbcSink extends SinkProvider {

    /** As Spark finds it. */
    public static final String NAME = "tidegate-jdbc";

    private static final List<String> KNOWN = List.of("url", "user", "password", "dbtable", "key", "query", "retryFor");
    private static final Duration RETRY_FOR = Duration.ofSeconds(60);

    /** Made by Spark. */
    public JdbcSink() {
        super(NAME);
    }

    @Override
    public SinkTable.Writes open(FormatOptions options) {
        options.requireKnown(KNOWN);
        String url = options.required("url");
        if (!JdbcTarget.isSupported(url)) {
            throw options.mistake("url", JdbcTarget.withoutSecrets(url), "jdbc:h2:… or jdbc:postgresql:…");
        }
        JdbcTarget target = new JdbcTarget(
                url,
                options.optional("user").orElse(null),
                options.optional("password").orElse(null),
                options.seconds("retryFor", RETRY_FOR));
        String table = options.required("dbtable");
        List<String> key = options.names("key");
        Optional<String> name = options.optional("query");
        BatchWriter writer = new BatchWriter(target);
        return (schema, query) -> JdbcWrite.of(
                writer,
                new JdbcWrite.Plan(query, name.orElse(query), table(table, schema, key), ColumnReader.of(schema)));
    }

    private static JdbcTable table(String name, StructType schema, List<String> key) {
        key.forEach(column -> ColumnReader.named(schema, column));
        List<JdbcColumn> columns = ColumnReader.of(schema).stream()
                .map(reader -> JdbcColumn.optional(
                        reader.field().name(), type(reader.field().dataType())))
                .toList();
        return new JdbcTable(name, columns, key, List.of());
    }

    private static ColumnType type(DataType type) {
        if (type instanceof StringType) {
            return ColumnType.TEXT;
        } else if (type instanceof DoubleType || type instanceof FloatType) {
            return ColumnType.NUMBER;
        } else if (type instanceof DecimalType) {
            return ColumnType.EXACT;
        } else if (type instanceof BooleanType) {
            return ColumnType.TRUTH;
        } else if (type instanceof TimestampType) {
            return ColumnType.TIME;
        } else if (type instanceof DateType) {
            return ColumnType.DATE;
        }
        return ColumnType.WHOLE;
    }
}
