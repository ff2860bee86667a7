package io.tidegate.spark.sink.internal;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.tidegate.protocol.TopicLevel;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.catalyst.json.JacksonGenerator;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The messages of one task of a batch. A row has the same id whenever the task runs, in whatever order its rows come: with
 * a key {@code query/key/batch}; without one {@code query/batch/partition/hash of the row}, and from the second of equal
 * rows on {@code -2}, {@code -3}. One thread.
 */
public final class RowMessages {

    /**
     * What the messages of a query have in common. A column {@code batch} stands for the number of the micro-batch.
     *
     * @param query its name
     * @param key what names a row within its batch; empty: its content does
     */
    public record Plan(String query, StructType schema, List<ColumnReader> key) implements Serializable {}

    /** What Spark's to_json makes of a row, nulls included, times in UTC with milliseconds. */
    private static final Map<String, String> OPTIONS = Map.of(
            "ignoreNullFields", "false",
            "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

    private static final int HASH_DIGITS = 16;

    private final Plan plan;
    private final int partition;
    private final long batch;
    private final boolean ownBatch;
    private final StringWriter text = new StringWriter();
    private final JacksonGenerator json;
    private final Map<String, Integer> seen = new HashMap<>();

    /**
     * Messages of a task.
     *
     * @param batch the number of the micro-batch
     */
    public RowMessages(Plan plan, int partition, long batch) {
        this.plan = plan;
        this.partition = partition;
        this.batch = batch;
        this.ownBatch = Arrays.asList(plan.schema().fieldNames()).contains("batch");
        this.json = new JacksonGenerator(
                plan.schema(),
                text,
                new JSONOptions(
                        scala.collection.immutable.Map.from(CollectionConverters.asScala(OPTIONS)), "UTC", "_corrupt"));
    }

    /** The JSON of a row: {@code query, id, rev, batch}, then its columns. */
    public String of(InternalRow row) {
        String columns = columns(row);
        StringBuilder message = new StringBuilder(columns.length() + 128).append("{\"query\":");
        quote(plan.query(), message);
        message.append(",\"id\":");
        quote(id(row, columns), message);
        message.append(",\"rev\":1");
        if (!ownBatch) {
            message.append(",\"batch\":").append(batch);
        }
        message.append(columns.length() > 2 ? "," : "").append(columns, 1, columns.length());
        return message.toString();
    }

    /** The row as a JSON object, every column in order. */
    private String columns(InternalRow row) {
        text.getBuffer().setLength(0);
        json.write(row);
        json.flush();
        return text.toString();
    }

    private String id(InternalRow row, String columns) {
        if (!plan.key().isEmpty()) {
            String key = plan.key().stream()
                    .map(column -> TopicLevel.of(column.text(row)))
                    .collect(Collectors.joining("/"));
            return plan.query() + "/" + key + "/" + batch;
        }
        String hash = DigestUtils.sha256Hex(columns).substring(0, HASH_DIGITS);
        int times = seen.merge(hash, 1, Integer::sum);
        return plan.query() + "/" + batch + "/" + partition + "/" + hash + (times == 1 ? "" : "-" + times);
    }

    private static void quote(String text, StringBuilder to) {
        to.append('"')
                .append(JsonStringEncoder.getInstance().quoteAsString(text))
                .append('"');
    }
}
