package io.tidegate.spark.dstream;

import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.spark.client.internal.BlockRange;
import io.tidegate.spark.event.KeyGroupTime;
import io.tidegate.spark.event.Tick;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a batch ends: per key group the offset behind its last event, the watermark and seenThrough. Immutable; the only
 * thing that the door remembers, in every checkpoint.
 */
final class BatchOffsets implements Serializable {
    private static final long serialVersionUID = 1;

    private final long[] next;
    private final long[] watermarkMs;
    private final long[] seenThroughMs;

    BatchOffsets(long[] next) {
        this(next.clone(), new long[next.length], new long[next.length]);
    }

    private BatchOffsets(long[] next, long[] watermarkMs, long[] seenThroughMs) {
        this.next = next;
        this.watermarkMs = watermarkMs;
        this.seenThroughMs = seenThroughMs;
    }

    /** What the group has committed: where a new state begins. */
    static BatchOffsets committed(OffsetsResponse offsets) {
        return of(offsets.getKeyGroupsList().stream()
                .map(KeyGroupOffsets::getCommitted)
                .toList());
    }

    /** Ends without a time, by key group. */
    static BatchOffsets of(List<Long> next) {
        return new BatchOffsets(next.stream().mapToLong(Long::longValue).toArray());
    }

    /**
     * Refuses to go on with a log that can't be the one that the job was made for.
     *
     * @param newest the newest ends of a recovered job; null: a new one
     * @throws IllegalStateException naming the difference
     */
    static void refuseOtherLog(OffsetsResponse offsets, GatewayOptions options, @Nullable BatchOffsets newest) {
        int count = offsets.getKeyGroupCount();
        int wanted = newest == null ? options.keyGroups() : newest.keyGroups();
        if (wanted != 0 && wanted != count) {
            throw new IllegalStateException(
                    "key groups of gateway " + offsets.getGateway() + ": " + count + " (expected: " + wanted + ")");
        }
        for (KeyGroupOffsets o : offsets.getKeyGroupsList()) {
            if (newest != null && newest.next(o.getKeyGroup()) > o.getEnd()) {
                throw new IllegalStateException("log of gateway " + offsets.getGateway() + ", key group "
                        + o.getKeyGroup() + ": ends at " + o.getEnd() + " (expected: at least "
                        + newest.next(o.getKeyGroup()) + ", which this job has seen)");
            }
        }
    }

    int keyGroups() {
        return next.length;
    }

    /** The same positions, but none before {@code from} or behind {@code until}. */
    BatchOffsets within(BatchOffsets from, BatchOffsets until) {
        long[] within = next.clone();
        for (int kg = 0; kg < within.length; kg++) {
            within[kg] = Math.min(Math.max(within[kg], from.next[kg]), until.next[kg]);
        }
        return new BatchOffsets(within);
    }

    long next(int keyGroup) {
        return next[keyGroup];
    }

    /** The ends after these blocks: the greatest of everything, whatever the blocks' order. */
    BatchOffsets after(List<BlockRange> ranges) {
        BatchOffsets after = new BatchOffsets(next.clone(), watermarkMs.clone(), seenThroughMs.clone());
        for (BlockRange e : ranges) {
            int kg = e.keyGroup();
            after.next[kg] = Math.max(after.next[kg], e.next());
            after.watermarkMs[kg] = Math.max(after.watermarkMs[kg], e.watermarkMs());
            after.seenThroughMs[kg] = Math.max(after.seenThroughMs[kg], e.seenThroughMs());
        }
        return after;
    }

    Tick tick(long batchMs) {
        List<KeyGroupTime> times = new ArrayList<>(next.length);
        for (int kg = 0; kg < next.length; kg++) {
            times.add(new KeyGroupTime(watermarkMs[kg], seenThroughMs[kg]));
        }
        return new Tick(batchMs, times);
    }

    /** The number of events between {@code from} and here. */
    long eventsSince(BatchOffsets from) {
        return Arrays.stream(next).sum() - Arrays.stream(from.next).sum();
    }

    /** The same, by key group. */
    SortedMap<Integer, Long> eventsByKeyGroup(BatchOffsets from) {
        SortedMap<Integer, Long> events = new TreeMap<>();
        for (int kg = 0; kg < next.length; kg++) {
            events.put(kg, next[kg] - from.next[kg]);
        }
        return events;
    }

    List<Long> positions() {
        return Arrays.stream(next).boxed().toList();
    }

    @Override
    public String toString() {
        return "ends " + Arrays.toString(next) + " seen through " + Arrays.toString(seenThroughMs);
    }
}
