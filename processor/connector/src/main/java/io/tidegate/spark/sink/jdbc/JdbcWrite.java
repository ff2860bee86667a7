package io.tidegate.spark.sink.jdbc;

import io.tidegate.spark.sink.internal.ColumnReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.connector.write.streaming.StreamingWrite;
import org.apache.spark.sql.internal.connector.SupportsStreamingUpdateAsAppend;
import org.jspecify.annotations.Nullable;

/** Batches of a structured stream: tasks send their rows to the driver, which writes them with the number of the batch. */
final class JdbcWrite implements StreamingWrite {

    /**
     * What is written.
     *
     * @param query the id of the query in its checkpoint
     * @param name its name, for people
     */
    record Plan(String query, String name, JdbcTable table, List<ColumnReader> columns) implements Serializable {}

    private final BatchWriter writer;
    private final Plan plan;
    private final boolean replace;

    private JdbcWrite(BatchWriter writer, Plan plan, boolean replace) {
        this.writer = writer;
        this.plan = plan;
        this.replace = replace;
    }

    /** A write that begins when the output mode is known. */
    static WriteBuilder builder(BatchWriter writer, Plan plan) {
        return plan.table().key().isEmpty() ? new Builder(writer, plan) : new UpdatingBuilder(writer, plan);
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        Plan shared = plan;
        return (partition, task, batch) -> new RowCollector(shared);
    }

    @Override
    public void commit(long batch, WriterCommitMessage[] messages) {
        List<JdbcRow> rows = new ArrayList<>();
        for (WriterCommitMessage message : messages) {
            rows.addAll(((CollectedRows) message).rows());
        }
        try {
            writer.write(plan.query(), plan.table(), batch, rows, replace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped in batch " + batch + "; its restart writes it", e);
        }
    }

    /** Nothing is written before all tasks have ended. */
    @Override
    public void abort(long batch, WriterCommitMessage[] messages) {}

    /** The output modes append and complete. */
    private static class Builder implements SupportsTruncate {
        private final BatchWriter writer;
        private final Plan plan;
        private boolean replace;

        Builder(BatchWriter writer, Plan plan) {
            this.writer = writer;
            this.plan = plan;
        }

        @Override
        public WriteBuilder truncate() {
            replace = true;
            return this;
        }

        @Override
        public Write build() {
            return new Write() {
                @Override
                public String description() {
                    return JdbcSink.NAME + ": " + plan.table().name() + " at " + writer.target();
                }

                @Override
                public StreamingWrite toStreaming() {
                    return begin();
                }
            };
        }

        private StreamingWrite begin() {
            try {
                writer.open(plan.query(), plan.table());
                return new JdbcWrite(writer, plan, replace);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped while the database was away", e);
            }
        }
    }

    /** With a key also update: Spark looks for this interface, which says that a row that is there is replaced. */
    private static final class UpdatingBuilder extends Builder implements SupportsStreamingUpdateAsAppend {
        UpdatingBuilder(BatchWriter writer, Plan plan) {
            super(writer, plan);
        }
    }

    /** The rows of a task. */
    private record CollectedRows(List<JdbcRow> rows) implements WriterCommitMessage {}

    private static final class RowCollector implements DataWriter<InternalRow> {
        private final Plan plan;
        private final List<JdbcRow> rows = new ArrayList<>();

        RowCollector(Plan plan) {
            this.plan = plan;
        }

        @Override
        public void write(InternalRow row) {
            List<@Nullable Object> values = new ArrayList<>(plan.columns().size());
            plan.columns().forEach(column -> values.add(column.of(row)));
            rows.add(new JdbcRow(plan.name(), plan.table(), values));
        }

        @Override
        public WriterCommitMessage commit() {
            return new CollectedRows(rows);
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
