package io.tidegate.spark.source;

import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsResponse;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a gateway's log stood when the driver asked.
 *
 * @param gateway its id
 * @param address {@code host:port} where it answered
 * @param oldest by key group: the offset of the oldest retained event
 * @param ends by key group: behind the newest durable event
 * @param committed by key group: what the consumer group that asked has committed, but no less than {@code oldest}
 * @param watermarkMs the least watermark of its key groups; 0: one has none yet
 * @param seenThroughMs every event received before this time is below {@code ends}; 0: not known
 * @param receivedFrom by key group: the offset of the first event received at the time that was asked for, or later;
 *     empty: not asked
 */
record LogStatus(
        String gateway,
        String address,
        List<Long> oldest,
        List<Long> ends,
        List<Long> committed,
        long watermarkMs,
        long seenThroughMs,
        List<Long> receivedFrom) {

    static LogStatus of(String address, OffsetsResponse answer) {
        List<KeyGroupOffsets> groups = answer.getKeyGroupsList();
        return new LogStatus(
                answer.getGateway(),
                address,
                groups.stream().map(KeyGroupOffsets::getOldest).toList(),
                groups.stream().map(KeyGroupOffsets::getEnd).toList(),
                groups.stream()
                        .map(group -> Math.max(group.getOldest(), group.getCommitted()))
                        .toList(),
                groups.stream()
                        .mapToLong(group -> group.getTime().getWatermarkMs())
                        .min()
                        .orElse(0),
                groups.stream()
                        .mapToLong(group -> group.getTime().getSeenThroughMs())
                        .min()
                        .orElse(0),
                groups.stream()
                        .filter(KeyGroupOffsets::hasReceivedFrom)
                        .map(KeyGroupOffsets::getReceivedFrom)
                        .toList());
    }

    /** Whether the first event since the time that was asked for may have been an older one, which is trimmed. */
    boolean mayHaveLost() {
        return IntStream.range(0, receivedFrom.size())
                .anyMatch(keyGroup ->
                        oldest.get(keyGroup) > 0 && receivedFrom.get(keyGroup).longValue() <= oldest.get(keyGroup));
    }
}
