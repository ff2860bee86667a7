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
    record Plan(String query, String name, JdbcTable table, List<ColumnReader> cells) implements Serializable {}

    private final BatchWriter batches;
    private final Plan plan;
    private final boolean replace;

    private JdbcWrite(BatchWriter batches, Plan plan, boolean replace) {
        this.batches = batches;
        this.plan = plan;
        this.replace = replace;
    }

    /** A write that begins when the output mode is known. */
    static WriteBuilder builder(BatchWriter batches, Plan plan) {
        return plan.table().key().isEmpty() ? new Builder(batches, plan) : new UpdatingBuilder(batches, plan);
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        Plan shared = plan;
        return (partition, task, batch) -> new Gatherer(shared);
    }

    @Override
    public void commit(long batch, WriterCommitMessage[] messages) {
        List<JdbcRow> rows = new ArrayList<>();
        for (WriterCommitMessage message : messages) {
            rows.addAll(((Gathered) message).rows());
        }
        try {
            batches.write(plan.query(), plan.table(), batch, rows, replace);
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
        private final BatchWriter batches;
        private final Plan plan;
        private boolean replace;

        Builder(BatchWriter batches, Plan plan) {
            this.batches = batches;
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
                    return JdbcSink.NAME + ": " + plan.table().name() + " at " + batches.target();
                }

                @Override
                public StreamingWrite toStreaming() {
                    return begin();
                }
            };
        }

        private StreamingWrite begin() {
            try {
                batches.open(plan.query(), plan.table());
                return new JdbcWrite(batches, plan, replace);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped while the database was away", e);
            }
        }
    }

    /** With a key also update: Spark looks for this interface, which says that a row that is there is replaced. */
    private static final class UpdatingBuilder extends Builder implements SupportsStreamingUpdateAsAppend {
        UpdatingBuilder(BatchWriter batches, Plan plan) {
            super(batches, plan);
        }
    }

    /** The rows of a task. */
    private record Gathered(List<JdbcRow> rows) implements WriterCommitMessage {}

    private static final class Gatherer implements DataWriter<InternalRow> {
        private final Plan plan;
        private final List<JdbcRow> rows = new ArrayList<>();

        Gatherer(Plan plan) {
            this.plan = plan;
        }

        @Override
        public void write(InternalRow row) {
            List<@Nullable Object> values = new ArrayList<>(plan.cells().size());
            plan.cells().forEach(cell -> values.add(cell.of(row)));
            rows.add(new JdbcRow(plan.name(), plan.table(), values));
        }

        @Override
        public WriterCommitMessage commit() {
            return new Gathered(rows);
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
