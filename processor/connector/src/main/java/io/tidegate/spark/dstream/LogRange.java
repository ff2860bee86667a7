package io.tidegate.spark.dstream;

import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.spark.client.TrimmedException;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.OffsetRange;
import io.tidegate.spark.client.internal.RangeReader;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.EventCursor;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * A part of a gateway's log that is over: everything that was received from some time on, up to the end that the log had
 * when somebody looked. Nothing is held for it at the gateway. Immutable.
 */
public final class LogRange implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int LOOKS = 5;

    private final String gateway;
    private final BatchOffsets from;
    private final BatchOffsets until;
    private final boolean trimmed;
    private final long seenThroughMs;
    private final long firstMs;
    private final long lastMs;

    private LogRange(OffsetsResponse answer, BatchOffsets from, BatchOffsets until, long firstMs, long lastMs) {
        gateway = answer.getGateway();
        this.from = from;
        this.until = until;
        this.firstMs = firstMs;
        this.lastMs = lastMs;
        trimmed = answer.getKeyGroupsList().stream()
                .anyMatch(group -> group.getOldest() > 0 && group.getReceivedFrom() <= group.getOldest());
        seenThroughMs = answer.getKeyGroupsList().stream()
                .mapToLong(group -> group.getTime().getSeenThroughMs())
                .min()
                .orElse(0);
    }

    /**
     * Looks at the log of the gateway at an address.
     *
     * @param from a time of receipt, by the gateway's clock
     * @param patience how long an absent gateway is waited for
     * @throws io.tidegate.spark.client.GatewayUnavailableException when it stays away for longer
     * @throws TrimmedException when the log is trimmed faster than one can look
     * @throws IllegalStateException when the gateway is too old to tell offsets of a time
     */
    public static LogRange look(String address, Instant from, Duration patience) {
        GatewayClient client = GatewayClient.of(address);
        for (int look = 1; ; look++) {
            OffsetsResponse answer = client.offsets(question(from.toEpochMilli()), patience);
            if (!answer.getKeyGroupsList().stream().allMatch(KeyGroupOffsets::hasReceivedFrom)) {
                throw new IllegalStateException("gateway '" + answer.getGateway() + "' at " + address
                        + ": can't tell offsets of a time (expected: a newer gateway)");
            }
            try {
                return of(client, answer, patience);
            } catch (TrimmedException e) { // between the look and the reading
                if (look == LOOKS) {
                    throw e;
                }
            }
        }
    }

    /** From which offsets on was it received then or later? */
    static OffsetsRequest question(long receivedMs) {
        return OffsetsRequest.newBuilder()
                .setReceivedFromMs(Math.max(1, receivedMs))
                .build();
    }

    private static LogRange of(GatewayClient client, OffsetsResponse answer, Duration patience) {
        List<KeyGroupOffsets> groups = answer.getKeyGroupsList();
        BatchOffsets from = BatchOffsets.receivedFrom(answer);
        BatchOffsets until = new BatchOffsets(
                groups.stream().mapToLong(KeyGroupOffsets::getEnd).toArray());
        long first = Long.MAX_VALUE;
        long last = 0;
        for (int kg = 0; kg < from.keyGroups(); kg++) {
            if (from.next(kg) < until.next(kg)) {
                first = Math.min(first, receivedMs(client, kg, from.next(kg), patience));
                last = Math.max(last, receivedMs(client, kg, until.next(kg) - 1, patience));
            }
        }
        return new LogRange(answer, from, until, first, last);
    }

    private static long receivedMs(GatewayClient client, int keyGroup, long offset, Duration patience) {
        EventChunk event = new RangeReader(client, new OffsetRange(keyGroup, offset, offset + 1), patience).next();
        EventCursor cursor = event.cursor();
        var unused = cursor.next();
        return cursor.receivedMs();
    }

    /** The name of the gateway. */
    public String gateway() {
        return gateway;
    }

    /** How many key groups it has. */
    public int keyGroups() {
        return from.keyGroups();
    }

    /** How many events there are. */
    public long events() {
        return until.eventsSince(from);
    }

    /** When the first of them was received, epoch milliseconds; absent when there are none. */
    public OptionalLong firstMs() {
        return events() == 0 ? OptionalLong.empty() : OptionalLong.of(firstMs);
    }

    /** Everything that was received before this time is in it, or before it; epoch milliseconds. Later than any event. */
    public long throughMs() {
        return LongStream.of(seenThroughMs, lastMs + 1).max().orElseThrow();
    }

    /** Whether the gateway may have trimmed events of that time: it retains less, at least in one key group. */
    public boolean trimmed() {
        return trimmed;
    }

    BatchOffsets from() {
        return from;
    }

    BatchOffsets until() {
        return until;
    }

    /** What a batch may know of time: by then the gateway, as far as is known, had seen everything of before. */
    long seenThroughMs(long batchMs) {
        return Math.min(batchMs, seenThroughMs);
    }

    @Override
    public String toString() {
        return "the past of gateway " + gateway + ", " + from + " until " + until;
    }
}
