package io.tidegate.spark.sink.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.spark.sink.internal.RowMessages;
import io.tidegate.spark.sink.internal.SinkWrite;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.internal.connector.SupportsStreamingUpdateAsAppend;

/**
 * Batches of a structured stream: each task publishes its rows, and ends when the broker has acknowledged them. What was
 * published stays when a batch fails; it comes again under the same ids. Every output mode: to a topic a row that has changed,
 * or that is told again, is one more message.
 *
 * @param patience how long a message may wait for its acknowledgement; zero: for ever
 */
record MqttWrite(MqttTarget target, Duration patience, TopicTemplate topic, boolean retained, RowMessages.Plan messages)
        implements SinkWrite, SupportsStreamingUpdateAsAppend, Serializable {

    @Override
    public String description() {
        return MqttSink.NAME + ": " + target;
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
        return (partition, task, batch) -> new Publisher(new RowMessages(messages, partition, batch));
    }

    private enum Acknowledged implements WriterCommitMessage {
        ALL
    }

    private final class Publisher implements DataWriter<InternalRow> {
        private final RowMessages texts;
        private final Publication publication = MqttResults.begin(target, patience);

        Publisher(RowMessages texts) {
            this.texts = texts;
        }

        @Override
        public void write(InternalRow row) throws IOException {
            try {
                publication.add(new MqttMessage(topic.of(row), texts.of(row).getBytes(UTF_8), retained));
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
