package io.tidegate.processor.structured;

import io.tidegate.processor.sink.ResultFiles;
import io.tidegate.spark.sink.internal.RowMessages;
import io.tidegate.spark.sink.internal.SinkTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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

/**
 * Rows as lines of JSON on the driver's machine, sorted, so that a batch that runs again writes the same.
 *
 * @param plan the messages of the query
 * @param output takes the lines of a batch
 */
record JsonLinesWrite(RowMessages.Plan plan, Output output) implements StreamingWrite {

    /** Where lines end up. */
    @FunctionalInterface
    interface Output {
        /** Takes the lines of a batch, at least one. */
        void write(long batchMs, List<String> lines);
    }

    /** To a file for each batch, as {@link ResultFiles} has them. */
    static SinkTable.Writes toFiles(String query, Path folder) {
        return writes(query, (batchMs, lines) -> ResultFiles.writeLines(folder, query, batchMs, lines));
    }

    /** To the standard output. */
    static SinkTable.Writes toConsole(String query) {
        return writes(query, (batchMs, lines) -> lines.forEach(System.out::println));
    }

    private static SinkTable.Writes writes(String query, Output output) {
        return (schema, id) -> new Builder(new JsonLinesWrite(new RowMessages.Plan(query, schema, List.of()), output));
    }

    private record Builder(JsonLinesWrite lines) implements SupportsTruncate {
        @Override
        public WriteBuilder truncate() {
            return this;
        }

        @Override
        public Write build() {
            return new Write() {
                @Override
                public StreamingWrite toStreaming() {
                    return lines;
                }
            };
        }
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        RowMessages.Plan shared = plan;
        return (partition, task, batch) -> new LineWriter(
                new RowMessages(shared, partition, batch), shared.schema().length() - 1);
    }

    @Override
    public void commit(long batch, WriterCommitMessage[] messages) {
        long batchMs = 0;
        List<String> lines = new ArrayList<>();
        for (WriterCommitMessage message : messages) {
            TaskLines task = (TaskLines) message;
            batchMs = Math.max(batchMs, task.batchMs());
            lines.addAll(task.lines());
        }
        if (!lines.isEmpty()) {
            Collections.sort(lines);
            output.write(batchMs, lines);
        }
    }

    /** Nothing is written before all tasks have ended. */
    @Override
    public void abort(long batch, WriterCommitMessage[] messages) {}

    private record TaskLines(long batchMs, List<String> lines) implements WriterCommitMessage {}

    private static final class LineWriter implements DataWriter<InternalRow> {
        private final RowMessages messages;
        private final int batchColumn;
        private final List<String> lines = new ArrayList<>();
        private long batchMs;

        LineWriter(RowMessages messages, int batchColumn) {
            this.messages = messages;
            this.batchColumn = batchColumn;
        }

        @Override
        public void write(InternalRow row) {
            batchMs = row.getLong(batchColumn);
            lines.add(messages.of(row));
        }

        @Override
        public WriterCommitMessage commit() {
            return new TaskLines(batchMs, lines);
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
