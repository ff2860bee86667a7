package io.tidegate.spark.sink.internal;

import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingWrite;

/**
 * The write of a micro-batch. Spark asks a builder for a write, and the write for a streaming write: this is all three. The
 * output mode complete is an append, and the end of a batch needs no work, unless a sink overrides it.
 */
public interface SinkWrite extends SupportsTruncate, Write, StreamingWrite {

    @Override
    default SinkWrite truncate() {
        return this;
    }

    @Override
    default Write build() {
        return this;
    }

    @Override
    default SinkWrite toStreaming() {
        return this;
    }

    @Override
    default void commit(long batch, WriterCommitMessage[] messages) {}

    @Override
    default void abort(long batch, WriterCommitMessage[] messages) {}
}
