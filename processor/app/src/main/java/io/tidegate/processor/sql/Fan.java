package io.tidegate.processor.sql;

import java.io.IOException;
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

/**
 * Several writes as one. A batch is committed in one place after the other; when one fails the batch runs again, and each
 * place knows, or says under the same ids, what it had already.
 */
record Fan(List<StreamingWrite> writes) implements StreamingWrite {

    /** The places of a query; what each can do was checked with the configuration. */
    record Builder(List<WriteBuilder> places) implements SupportsTruncate, SupportsStreamingUpdateAsAppend {
        @Override
        public WriteBuilder truncate() {
            return new Builder(places.stream()
                    .map(place -> place instanceof SupportsTruncate replacing ? replacing.truncate() : place)
                    .toList());
        }

        @Override
        public Write build() {
            List<Write> parts = places.stream().map(WriteBuilder::build).toList();
            return new Write() {
                @Override
                public String description() {
                    return String.join(
                            ", ", parts.stream().map(Write::description).toList());
                }

                @Override
                public StreamingWrite toStreaming() {
                    return new Fan(parts.stream().map(Write::toStreaming).toList());
                }
            };
        }
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        List<StreamingDataWriterFactory> factories = writes.stream()
                .map(write -> write.createStreamingWriterFactory(info))
                .toList();
        return (partition, task, batch) -> new Writer(factories.stream()
                .map(factory -> factory.createWriter(partition, task, batch))
                .toList());
    }

    @Override
    public void commit(long batch, WriterCommitMessage[] messages) {
        for (int i = 0; i < writes.size(); i++) {
            writes.get(i).commit(batch, ofPlace(i, messages));
        }
    }

    @Override
    public void abort(long batch, WriterCommitMessage[] messages) {
        for (int i = 0; i < writes.size(); i++) {
            writes.get(i).abort(batch, ofPlace(i, messages));
        }
    }

    /** The messages for one place; of a task that has not ended there is none. */
    private static WriterCommitMessage[] ofPlace(int place, WriterCommitMessage[] messages) {
        WriterCommitMessage[] part = new WriterCommitMessage[messages.length];
        for (int i = 0; i < messages.length; i++) {
            part[i] = messages[i] instanceof Done done ? done.parts().get(place) : messages[i];
        }
        return part;
    }

    /** What a task says to every place. */
    private record Done(List<WriterCommitMessage> parts) implements WriterCommitMessage {}

    private record Writer(List<DataWriter<InternalRow>> parts) implements DataWriter<InternalRow> {
        @Override
        public void write(InternalRow row) throws IOException {
            for (DataWriter<InternalRow> part : parts) {
                part.write(row);
            }
        }

        @Override
        public WriterCommitMessage commit() throws IOException {
            List<WriterCommitMessage> done = new ArrayList<>();
            for (DataWriter<InternalRow> part : parts) {
                done.add(part.commit());
            }
            return new Done(done);
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
