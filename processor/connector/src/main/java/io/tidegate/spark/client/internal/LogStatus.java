package io.tidegate.spark.client.internal;

import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsResponse;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Where a gateway's log stood when it was asked.
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
public record LogStatus(
        String gateway,
        String address,
        List<Long> oldest,
        List<Long> ends,
        List<Long> committed,
        long watermarkMs,
        long seenThroughMs,
        List<Long> receivedFrom)
        implements Serializable {

    /** What a gateway answered at an address. */
    public static LogStatus of(String address, OffsetsResponse answer) {
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

    /** One value of each log, by gateway. */
    public static <T> Map<String, T> each(Map<String, LogStatus> logs, Function<LogStatus, T> what) {
        Map<String, T> all = new TreeMap<>();
        logs.forEach((gateway, log) -> all.put(gateway, what.apply(log)));
        return all;
    }

    /** The least of them all; 0 when there are none. */
    public static long least(Map<String, LogStatus> logs, ToLongFunction<LogStatus> what) {
        return logs.values().stream().mapToLong(what).min().orElse(0);
    }

    /** Whether the first event since the time that was asked for may have been an older one, which is trimmed. */
    public boolean mayHaveLost() {
        return IntStream.range(0, receivedFrom.size())
                .anyMatch(keyGroup ->
                        oldest.get(keyGroup) > 0 && receivedFrom.get(keyGroup).longValue() <= oldest.get(keyGroup));
    }
}
