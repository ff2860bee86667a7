package io.tidegate.processor.structured;

import io.tidegate.processor.sink.ResultFiles;
import io.tidegate.spark.sink.internal.RowMessages;
import io.tidegate.spark.sink.internal.SinkTable;
import io.tidegate.spark.sink.internal.SinkWrite;
import io.tidegate.spark.sink.internal.TaskRows;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;

/**
 * Rows as lines of JSON on the driver's machine, sorted, so that a batch that runs again writes the same. Nothing is written
 * before all tasks have ended.
 *
 * @param plan the messages of the query
 * @param output takes the lines of a batch
 */
record JsonLinesWrite(RowMessages.Plan plan, Output output) implements SinkWrite {

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
        return (schema, id) -> new JsonLinesWrite(new RowMessages.Plan(query, schema, List.of()), output);
    }

    private record Line(long batchMs, String json) implements Serializable {}

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        RowMessages.Plan shared = plan;
        int batchColumn = plan.schema().length() - 1;
        return (partition, task, batch) -> {
            RowMessages messages = new RowMessages(shared, partition, batch);
            return TaskRows.collector(row -> new Line(row.getLong(batchColumn), messages.of(row)));
        };
    }

    @Override
    public void commit(long batch, WriterCommitMessage[] messages) {
        List<Line> lines = TaskRows.all(messages);
        lines.stream()
                .mapToLong(Line::batchMs)
                .max()
                .ifPresent(batchMs -> output.write(
                        batchMs, lines.stream().map(Line::json).sorted().toList()));
    }
}
