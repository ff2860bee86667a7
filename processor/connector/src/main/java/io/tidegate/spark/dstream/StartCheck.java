package io.tidegate.spark.dstream;

import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsResponse;
import org.jspecify.annotations.Nullable;

/** Refuses to go on with a log that can't be the one that the job was made for. */
final class StartCheck {

    private StartCheck() {}

    /**
     * Compares what the gateway says with what is expected of it.
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
}
