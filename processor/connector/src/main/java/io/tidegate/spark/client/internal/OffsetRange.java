package io.tidegate.spark.client.internal;

import java.io.Serializable;

/**
 * Consecutive offsets of one key group.
 *
 * @param from the first offset
 * @param next the offset behind the last one
 */
public record OffsetRange(int keyGroup, long from, long next) implements Serializable {

    /** The number of events. */
    public long count() {
        return next - from;
    }

    @Override
    public String toString() {
        return "key group " + keyGroup + " from " + from + " until " + next;
    }
}
