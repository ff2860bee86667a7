package io.tidegate.spark.client.internal;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive offsets of one key group.
 *
 * @param from the first offset
 * @param next the offset behind the last one
 */
public record OffsetRange(int keyGroup, long from, long next) implements Serializable {

    /**
     * Cuts ranges into shares of at most {@code most} events, and puts small ones together. The same ranges give the same
     * shares.
     */
    public static List<List<OffsetRange>> shares(List<OffsetRange> ranges, long most) {
        List<List<OffsetRange>> shares = new ArrayList<>();
        long room = 0;
        for (OffsetRange range : ranges) {
            for (long from = range.from; from < range.next; from += most) {
                OffsetRange piece = new OffsetRange(range.keyGroup, from, Math.min(range.next, from + most));
                if (piece.count() > room) {
                    shares.add(new ArrayList<>());
                    room = most;
                }
                shares.get(shares.size() - 1).add(piece);
                room -= piece.count();
            }
        }
        return shares;
    }

    /** The number of events. */
    public long count() {
        return next - from;
    }

    @Override
    public String toString() {
        return "key group " + keyGroup + " from " + from + " until " + next;
    }
}
