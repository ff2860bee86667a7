package io.tidegate.spark.sink.jdbc;

import io.tidegate.spark.sink.internal.ColumnReader;
import io.tidegate.spark.sink.internal.SinkWrite;
import io.tidegate.spark.sink.internal.TaskRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.internal.connector.SupportsStreamingUpdateAsAppend;
import org.jspecify.annotations.Nullable;

/**
 * Batches of a structured stream: tasks send their rows to the driver, which writes them with the number of the batch when all
 * tasks have ended. The output modes append and complete.
 */
class JdbcWrite implements SinkWrite {

    /**
     * What is written.
     *
     * @param query the id of the query in its checkpoint
     * @param name its name, for people
     */
    record Plan(String query, String name, JdbcTable table, List<ColumnReader> columns) implements Serializable {

        private JdbcRow row(InternalRow row) {
            List<@Nullable Object> values = new ArrayList<>(columns.size());
            columns.forEach(column -> values.add(column.of(row)));
            return new JdbcRow(name, table, values);
        }
    }

    private final BatchWriter writer;
    private final Plan plan;
    private final boolean replace;

    private JdbcWrite(BatchWriter writer, Plan plan, boolean replace) {
        this.writer = writer;
        this.plan = plan;
        this.replace = replace;
    }

    static SinkWrite of(BatchWriter writer, Plan plan) {
        return plan.table().key().isEmpty() ? new JdbcWrite(writer, plan, false) : new Updating(writer, plan);
    }

    /** With a key also update: Spark looks for this interface, which says that a row with the same key is replaced. */
    private static final class Updating extends JdbcWrite implements SupportsStreamingUpdateAsAppend {
        Updating(BatchWriter writer, Plan plan) {
            super(writer, plan, false);
        }
    }

    @Override
    public String description() {
        return JdbcSink.NAME + ": " + plan.table().name() + " at " + writer.target();
    }

    @Override
    public SinkWrite truncate() {
        return new JdbcWrite(writer, plan, true);
    }

    @Override
    public SinkWrite toStreaming() {
        try {
            writer.open(plan.query(), plan.table());
            return this;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while the database was away", e);
        }
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        Plan shared = plan;
        return (partition, task, batch) -> TaskRows.collector(shared::row);
    }

    @Override
    public void commit(long batch, WriterCommitMessage[] messages) {
        try {
            writer.write(plan.query(), plan.table(), batch, TaskRows.all(messages), replace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped in batch " + batch + "; its restart writes it", e);
        }
    }
}
