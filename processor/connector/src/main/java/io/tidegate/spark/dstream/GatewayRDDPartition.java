package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.OffsetRange;
import io.tidegate.spark.event.Tick;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.storage.BlockId;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a batch, or its tick.
 *
 * @param block where the events are likely to be; null: only at the gateway
 * @param tick not null: the partition is the batch's tick and has no events
 */
record GatewayRDDPartition(
        int index,
        @Nullable BlockId block,
        List<OffsetRange> ranges,
        @Nullable Tick tick) implements Partition {}
