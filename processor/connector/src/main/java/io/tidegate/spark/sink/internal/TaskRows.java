package io.tidegate.spark.sink.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * The rows of a task of a batch, on their way to the driver, which writes them.
 *
 * @param <T> what a row becomes; serializable
 */
public record TaskRows<T>(List<T> rows) implements WriterCommitMessage {

    /** The rows of all tasks of a batch. */
    @SuppressWarnings("unchecked") // the tasks of one write send rows of one type
    public static <T> List<T> all(WriterCommitMessage[] messages) {
        return Stream.of(messages)
                .flatMap(message -> ((TaskRows<T>) message).rows().stream())
                .toList();
    }

    /** Collects the rows of one task. One thread. */
    public static <T> DataWriter<InternalRow> collector(Function<InternalRow, T> read) {
        List<T> rows = new ArrayList<>();
        return new DataWriter<>() {
            @Override
            public void write(InternalRow row) {
                rows.add(read.apply(row));
            }

            @Override
            public WriterCommitMessage commit() {
                return new TaskRows<>(rows);
            }

            @Override
            public void abort() {}

            @Override
            public void close() {}
        };
    }
}
