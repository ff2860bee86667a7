package io.tidegate.gateway.serve;

import io.tidegate.gateway.log.GroupCursors;
import io.tidegate.gateway.log.LogEnd;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.protocol.v1.CommitResponse;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.KeyGroupTime;
import io.tidegate.protocol.v1.OffsetsResponse;
import java.util.List;
import java.util.stream.IntStream;

/** Where everything stands, as the wire says it. */
final class OffsetsReply {

    private OffsetsReply() {}

    /**
     * From which offset on events were received at a time or later, by key group; waits for the disk.
     *
     * @param timeMs 0: not asked
     * @return empty when not asked
     */
    static List<Long> receivedFrom(LogStore store, long timeMs) {
        return timeMs == 0
                ? List.of()
                : IntStream.range(0, store.keyGroups())
                        .mapToObj(keyGroup -> store.receivedFrom(keyGroup, timeMs))
                        .toList();
    }

    static OffsetsResponse of(ServeContext shared, GroupCursors cursors, List<Long> receivedFrom) {
        LogStore store = shared.store();
        OffsetsResponse.Builder response = OffsetsResponse.newBuilder()
                .setGateway(store.gateway())
                .setKeyGroupCount(store.keyGroups())
                .setEpoch(cursors.epoch());
        for (int keyGroup = 0; keyGroup < store.keyGroups(); keyGroup++) {
            // The time before the end that it comes with.
            long seenThrough = shared.seenThrough(keyGroup);
            LogEnd tail = store.tail(keyGroup);
            KeyGroupOffsets.Builder offsets = KeyGroupOffsets.newBuilder()
                    .setKeyGroup(keyGroup)
                    .setOldest(store.oldest(keyGroup))
                    .setEnd(tail.next())
                    .setCommitted(at(cursors.committed(), keyGroup))
                    .setDelivered(at(cursors.delivered(), keyGroup))
                    .setTime(KeyGroupTime.newBuilder()
                            .setWatermarkMs(tail.watermarkMs())
                            .setSeenThroughMs(seenThrough));
            if (!receivedFrom.isEmpty()) {
                offsets.setReceivedFrom(receivedFrom.get(keyGroup));
            }
            response.addKeyGroups(offsets);
        }
        return response.build();
    }

    static CommitResponse committed(GroupCursors cursors) {
        return CommitResponse.newBuilder()
                .addAllCommitted(Positions.onTheWire(cursors.committed()))
                .build();
    }

    private static long at(List<Long> positions, int keyGroup) {
        return positions.isEmpty() ? 0 : positions.get(keyGroup);
    }
}
