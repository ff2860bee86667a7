package io.tidegate.processor.structured;

import io.tidegate.spark.sink.internal.SinkWrite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.internal.connector.SupportsStreamingUpdateAsAppend;

/**
 * Several writes as one; what each can do was checked with the configuration. A batch is committed in one place after the
 * other; when one fails the batch runs again, and each place knows, or says under the same ids, what it had already.
 */
record MultiSinkWrite(List<SinkWrite> sinks) implements SinkWrite, SupportsStreamingUpdateAsAppend {

    @Override
    public String description() {
        return sinks.stream().map(SinkWrite::description).collect(Collectors.joining(", "));
    }

    @Override
    public SinkWrite truncate() {
        return new MultiSinkWrite(sinks.stream().map(SinkWrite::truncate).toList());
    }

    @Override
    public SinkWrite toStreaming() {
        return new MultiSinkWrite(sinks.stream().map(SinkWrite::toStreaming).toList());
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        List<StreamingDataWriterFactory> factories = sinks.stream()
                .map(sink -> sink.createStreamingWriterFactory(info))
                .toList();
        return (partition, task, batch) -> new Writer(factories.stream()
                .map(factory -> factory.createWriter(partition, task, batch))
                .toList());
    }

    @Override
    public void commit(long batch, WriterCommitMessage[] messages) {
        for (int i = 0; i < sinks.size(); i++) {
            sinks.get(i).commit(batch, ofSink(i, messages));
        }
    }

    @Override
    public void abort(long batch, WriterCommitMessage[] messages) {
        for (int i = 0; i < sinks.size(); i++) {
            sinks.get(i).abort(batch, ofSink(i, messages));
        }
    }

    /** The messages for one place; of a task that has not ended there is none. */
    private static WriterCommitMessage[] ofSink(int sink, WriterCommitMessage[] messages) {
        WriterCommitMessage[] part = new WriterCommitMessage[messages.length];
        for (int i = 0; i < messages.length; i++) {
            part[i] =
                    messages[i] instanceof TaskCommit commits ? commits.parts().get(sink) : messages[i];
        }
        return part;
    }

    /** What a task says to every place. */
    private record TaskCommit(List<WriterCommitMessage> parts) implements WriterCommitMessage {}

    private record Writer(List<DataWriter<InternalRow>> parts) implements DataWriter<InternalRow> {
        @Override
        public void write(InternalRow row) throws IOException {
            for (DataWriter<InternalRow> part : parts) {
                part.write(row);
            }
        }

        @Override
        public WriterCommitMessage commit() throws IOException {
            List<WriterCommitMessage> commits = new ArrayList<>();
            for (DataWriter<InternalRow> part : parts) {
                commits.add(part.commit());
            }
            return new TaskCommit(commits);
        }

        @Override
        public void abort() throws IOException {
            for (DataWriter<InternalRow> part : parts) {
                part.abort();
            }
        }

        @Override
        public void close() throws IOException {
            for (DataWriter<InternalRow> part : parts) {
                part.close();
            }
        }
    }
}
