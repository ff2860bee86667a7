package io.tidegate.spark.sink.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.tidegate.protocol.TopicLevel;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

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

    private static final int HASH_BYTES = 8;

    private final Plan plan;
    private final int partition;
    private final long batch;
    private final boolean ownBatch;
    private final RowJson json;
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
        this.json = new RowJson(plan.schema());
    }

    /** The JSON of a row: {@code query, id, rev, batch}, then its columns. */
    public String of(InternalRow row) {
        String columns = json.of(row);
        StringBuilder text = new StringBuilder(columns.length() + 128).append("{\"query\":");
        quote(plan.query(), text);
        text.append(",\"id\":");
        quote(id(row, columns), text);
        text.append(",\"rev\":1");
        if (!ownBatch) {
            text.append(",\"batch\":").append(batch);
        }
        text.append(columns.length() > 2 ? "," : "").append(columns, 1, columns.length());
        return text.toString();
    }

    private String id(InternalRow row, String columns) {
        if (!plan.key().isEmpty()) {
            String key = plan.key().stream()
                    .map(cell -> TopicLevel.of(cell.text(row)))
                    .collect(Collectors.joining("/"));
            return plan.query() + "/" + key + "/" + batch;
        }
        String hash = hash(columns);
        int times = seen.merge(hash, 1, Integer::sum);
        return plan.query() + "/" + batch + "/" + partition + "/" + hash + (times == 1 ? "" : "-" + times);
    }

    private static String hash(String columns) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(columns.getBytes(UTF_8));
            return HexFormat.of().formatHex(sum, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static void quote(String text, StringBuilder to) {
        to.append('"')
                .append(JsonStringEncoder.getInstance().quoteAsString(text))
                .append('"');
    }
}
