package io.tidegate.spark.source;

import io.tidegate.spark.client.internal.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * A task's share of a batch.
 *
 * @param gateway the id of the gateway
 * @param address where it answered the driver
 * @param ranges what is read, in this order
 */
record LogPartition(String gateway, String address, List<OffsetRange> ranges) implements InputPartition {

    LogPartition {
        ranges = List.copyOf(ranges);
    }

    /**
     * Cuts ranges of a gateway into shares of at most {@code most} events, and puts small ones together. The same ranges
     * give the same shares.
     */
    static List<LogPartition> cut(LogStatus log, List<OffsetRange> ranges, long most) {
        List<LogPartition> shares = new ArrayList<>();
        List<OffsetRange> share = new ArrayList<>();
        long size = 0;
        for (OffsetRange range : ranges) {
            for (long from = range.from(); from < range.next(); from += most) {
                OffsetRange piece = new OffsetRange(range.keyGroup(), from, Math.min(range.next(), from + most));
                if (size + piece.count() > most) {
                    shares.add(new LogPartition(log.gateway(), log.address(), share));
                    share.clear();
                    size = 0;
                }
                share.add(piece);
                size += piece.count();
            }
        }
        if (!share.isEmpty()) {
            shares.add(new LogPartition(log.gateway(), log.address(), share));
        }
        return shares;
    }
}
