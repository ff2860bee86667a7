package io.tidegate.spark.source;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;

/**
 * The time, as the last partition of a batch with option {@code ticks}: one row, null but for {@code received}.
 * Everything that was received before that time is in this batch or in one before it, so a key of which nothing came is
 * silent, and not merely waiting in the log.
 *
 * @param seenThroughMs that time, epoch milliseconds
 */
record TickPartition(long seenThroughMs) implements InputPartition {

    private static final String COLUMN = "received";
    private static final long MICROS = 1_000;

    /** Its one row. One task, one thread. */
    static final class Reader implements PartitionReader<InternalRow> {
        private final InternalRow row;
        private boolean read;

        Reader(TickPartition tick, List<String> columns) {
            Object[] values = new Object[columns.size()];
            int received = columns.indexOf(COLUMN);
            if (received >= 0) {
                values[received] = tick.seenThroughMs * MICROS;
            }
            row = new GenericInternalRow(values);
        }

        @Override
        public boolean next() {
            boolean first = !read;
            read = true;
            return first;
        }

        @Override
        public InternalRow get() {
            return row;
        }

        @Override
        public void close() {}
    }
}
