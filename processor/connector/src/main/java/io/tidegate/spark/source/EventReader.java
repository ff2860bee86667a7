package io.tidegate.spark.source;

import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.spark.client.TrimmedException;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.OffsetRange;
import io.tidegate.spark.client.internal.RangeReader;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.EventCursor;
import io.tidegate.spark.event.EventRow;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one share, in the order of key group and offset. The row that {@link #get} gives is the same object again
 * and again, moved on by {@link #next}. Events of other tables are passed over. One task, one thread.
 */
final class EventReader implements PartitionReader<InternalRow> {

    private final LogPartition partition;
    private final EventReaderFactory settings;
    private final GatewayClient gateway;
    private final DataLossPolicy dataLoss;
    private final EventRow row;
    private final Deque<OffsetRange> waiting;
    private RangeReader reader;
    private @Nullable EventCursor cursor;

    EventReader(LogPartition partition, EventReaderFactory settings) {
        this.partition = partition;
        this.settings = settings;
        gateway = GatewayClient.of(partition.address());
        dataLoss = new DataLossPolicy(settings.failOnDataLoss());
        row = new EventRow(settings.from(), settings.wanted(), partition.gateway());
        waiting = new ArrayDeque<>(partition.ranges());
        reader = readerOf(waiting.removeFirst());
    }

    @Override
    public boolean next() {
        while (true) {
            EventCursor events = cursor;
            if (events != null && events.next(row)) {
                return true;
            }
            EventChunk chunk = nextChunk();
            if (chunk == null) {
                return false;
            }
            cursor = chunk.cursor();
        }
    }

    @Override
    public InternalRow get() {
        return row;
    }

    private @Nullable EventChunk nextChunk() {
        while (true) {
            while (!reader.hasNext()) {
                OffsetRange range = waiting.poll();
                if (range == null) {
                    return null;
                }
                reader = readerOf(range);
            }
            try {
                return reader.next();
            } catch (TrimmedException e) {
                reader = behindTheGap(reader, e);
            }
        }
    }

    private RangeReader readerOf(OffsetRange range) {
        return new RangeReader(gateway, range, settings.patience());
    }

    /** The log was trimmed after the driver had looked. */
    private RangeReader behindTheGap(RangeReader broken, TrimmedException trimmed) {
        int keyGroup = broken.range().keyGroup();
        long position = broken.position();
        long until = broken.range().next();
        long oldest = gateway.offsets(OffsetsRequest.getDefaultInstance(), settings.patience())
                .getKeyGroups(keyGroup)
                .getOldest();
        if (oldest <= position) {
            throw trimmed;
        }
        long next = Math.min(oldest, until);
        dataLoss.lost(
                partition.gateway(), new OffsetRange(keyGroup, position, next), String.valueOf(partition.ranges()));
        return readerOf(new OffsetRange(keyGroup, next, until));
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
        return new CustomTaskMetric[] {new Skipped(dataLoss.skipped())};
    }

    @Override
    public void close() {
        // Every page is read to its end: no call is open.
    }

    /** For {@link SkippedEventsMetric}. */
    private record Skipped(long value) implements CustomTaskMetric {
        @Override
        public String name() {
            return SkippedEventsMetric.NAME;
        }
    }
}
