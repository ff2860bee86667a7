package io.tidegate.spark.sql;

import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.spark.EventCursor;
import io.tidegate.spark.GatewayClient;
import io.tidegate.spark.Range;
import io.tidegate.spark.RangeReader;
import io.tidegate.spark.Slice;
import io.tidegate.spark.TrimmedException;
import io.tidegate.spark.table.EventRow;
import io.tidegate.spark.table.Table;
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
    private final EventReaders settings;
    private final GatewayClient gateway;
    private final Losses losses;
    private final EventRow row;
    private final Deque<Range> waiting;
    private RangeReader slices;
    private @Nullable EventCursor cursor;

    EventReader(LogPartition partition, EventReaders settings) {
        this.partition = partition;
        this.settings = settings;
        gateway = GatewayClient.of(partition.address());
        losses = new Losses(settings.failOnDataLoss());
        row = new EventRow(settings.wanted(), partition.gateway());
        waiting = new ArrayDeque<>(partition.ranges());
        slices = reader(waiting.removeFirst());
    }

    @Override
    public boolean next() {
        while (true) {
            EventCursor events = cursor;
            while (events != null && events.next()) {
                if (Table.of(events.event()) == settings.from()) {
                    row.at(events.keyGroup(), events.offset(), events.event());
                    return true;
                }
            }
            Slice slice = nextSlice();
            if (slice == null) {
                return false;
            }
            cursor = slice.cursor();
        }
    }

    @Override
    public InternalRow get() {
        return row;
    }

    private @Nullable Slice nextSlice() {
        while (true) {
            while (!slices.hasNext()) {
                Range range = waiting.poll();
                if (range == null) {
                    return null;
                }
                slices = reader(range);
            }
            try {
                return slices.next();
            } catch (TrimmedException e) {
                slices = behindTheGap(slices, e);
            }
        }
    }

    private RangeReader reader(Range range) {
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
        losses.lost(partition.gateway(), new Range(keyGroup, position, next), String.valueOf(partition.ranges()));
        return reader(new Range(keyGroup, next, until));
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
        return new CustomTaskMetric[] {new Skipped(losses.skipped())};
    }

    @Override
    public void close() {
        // Every page is read to its end: no call is open.
    }

    /** For {@link SkippedEvents}. */
    private record Skipped(long value) implements CustomTaskMetric {
        @Override
        public String name() {
            return SkippedEvents.NAME;
        }
    }
}
