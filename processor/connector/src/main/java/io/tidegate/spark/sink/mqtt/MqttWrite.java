package io.tidegate.spark.sink.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.spark.sink.internal.RowMessages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.time.Duration;
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

/** Batches of a structured stream: each task publishes its rows, and ends when the broker has acknowledged them. */
final class MqttWrite implements StreamingWrite {

    /** What is published, and where. */
    record Plan(MqttTarget target, Duration patience, TopicTemplate topic, boolean retained, RowMessages.Plan messages)
            implements Serializable {}

    private final Plan plan;

    private MqttWrite(Plan plan) {
        this.plan = plan;
    }

    static WriteBuilder builder(Plan plan) {
        return new Builder(plan);
    }

    /** Every output mode: to a topic a row that has changed, or that is told again, is one more message. */
    private record Builder(Plan plan) implements SupportsStreamingUpdateAsAppend, SupportsTruncate {
        @Override
        public WriteBuilder truncate() {
            return this;
        }

        @Override
        public Write build() {
            return new Write() {
                @Override
                public String description() {
                    return MqttSink.NAME + ": " + plan.target();
                }

                @Override
                public StreamingWrite toStreaming() {
                    return new MqttWrite(plan);
                }
            };
        }
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        Plan shared = plan;
        return (partition, task, batch) -> new Publisher(shared, new RowMessages(shared.messages(), partition, batch));
    }

    /** Every task has seen its acknowledgements. */
    @Override
    public void commit(long batch, WriterCommitMessage[] messages) {}

    /** What was published stays; it comes again under the same ids. */
    @Override
    public void abort(long batch, WriterCommitMessage[] messages) {}

    private enum Acknowledged implements WriterCommitMessage {
        ALL
    }

    private static final class Publisher implements DataWriter<InternalRow> {
        private final Plan plan;
        private final RowMessages messages;
        private final Publication publication;

        Publisher(Plan plan, RowMessages messages) {
            this.plan = plan;
            this.messages = messages;
            this.publication = MqttResults.begin(plan.target(), plan.patience());
        }

        @Override
        public void write(InternalRow row) throws IOException {
            try {
                publication.add(
                        new MqttMessage(plan.topic().of(row), messages.of(row).getBytes(UTF_8), plan.retained()));
            } catch (InterruptedException e) {
                throw killed(e);
            }
        }

        @Override
        public WriterCommitMessage commit() throws IOException {
            try {
                publication.await();
                return Acknowledged.ALL;
            } catch (InterruptedException e) {
                throw killed(e);
            }
        }

        private static IOException killed(InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException killed = new InterruptedIOException("the task was killed");
            killed.initCause(e);
            return killed;
        }

        @Override
        public void abort() {}

        @Override
        public void close() {
            publication.close();
        }
    }
}
