package io.tidegate.spark.event;

import java.util.List;

/**
 * The time of a batch as the gateway sees it. Every batch has exactly one, made of checkpointed values only: a batch
 * that is run again has the same tick, and ticks never step back. While the gateway or one of its sources is away the
 * tick stands still. Compare timers with it, never with the wall clock or the batch's time.
 *
 * @param batchMs the batch's time, milliseconds since the epoch
 * @param keyGroups one time per key group, in their order
 */
public record Tick(long batchMs, List<KeyGroupTime> keyGroups) implements StreamElement {

    public Tick {
        keyGroups = List.copyOf(keyGroups);
    }

    /**
     * Everything that the gateway received before this time is in this batch or an earlier one; milliseconds of the
     * gateway's clock, 0 as long as one key group has none.
     */
    public long seenThroughMs() {
        return keyGroups.stream().mapToLong(KeyGroupTime::seenThroughMs).min().orElse(0);
    }

    /** The least watermark of the key groups that have one, in milliseconds of event time; 0: none has. */
    public long watermarkMs() {
        return keyGroups.stream()
                .mapToLong(KeyGroupTime::watermarkMs)
                .filter(ms -> ms != 0)
                .min()
                .orElse(0);
    }
}
