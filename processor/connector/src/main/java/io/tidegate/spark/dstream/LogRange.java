package io.tidegate.spark.dstream;

import io.tidegate.spark.client.TrimmedException;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.LogStatus;
import io.tidegate.spark.client.internal.OffsetRange;
import io.tidegate.spark.client.internal.RangeReader;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.EventCursor;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A part of a gateway's log that is over: everything that was received from some time on, up to the end that the log had
 * when somebody looked. Nothing is held for it at the gateway. Immutable.
 */
public final class LogRange implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int LOOKS = 5;

    private final LogStatus log;
    private final BatchOffsets from;
    private final BatchOffsets until;
    private final long firstMs;
    private final long lastMs;

    private LogRange(LogStatus log, BatchOffsets from, BatchOffsets until, long firstMs, long lastMs) {
        this.log = log;
        this.from = from;
        this.until = until;
        this.firstMs = firstMs;
        this.lastMs = lastMs;
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
            LogStatus log = client.receivedFrom(from.toEpochMilli(), patience);
            if (log.receivedFrom().isEmpty()) {
                throw new IllegalStateException("gateway '" + log.gateway() + "' at " + address
                        + ": can't tell offsets of a time (expected: a newer gateway)");
            }
            try {
                return of(client, log, patience);
            } catch (TrimmedException e) { // between the look and the reading
                if (look == LOOKS) {
                    throw e;
                }
            }
        }
    }

    private static LogRange of(GatewayClient client, LogStatus log, Duration patience) {
        BatchOffsets from = BatchOffsets.of(log.receivedFrom());
        BatchOffsets until = BatchOffsets.of(log.ends());
        long first = Long.MAX_VALUE;
        long last = 0;
        for (int kg = 0; kg < from.keyGroups(); kg++) {
            if (from.next(kg) < until.next(kg)) {
                first = Math.min(first, receivedMs(client, kg, from.next(kg), patience));
                last = Math.max(last, receivedMs(client, kg, until.next(kg) - 1, patience));
            }
        }
        return new LogRange(log, from, until, first, last);
    }

    private static long receivedMs(GatewayClient client, int keyGroup, long offset, Duration patience) {
        EventChunk event = new RangeReader(client, new OffsetRange(keyGroup, offset, offset + 1), patience).next();
        EventCursor cursor = event.cursor();
        var unused = cursor.next();
        return cursor.receivedMs();
    }

    /** The name of the gateway. */
    public String gateway() {
        return log.gateway();
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
        return Math.max(log.seenThroughMs(), lastMs + 1);
    }

    /** Whether the gateway may have trimmed events of that time: it retains less, at least in one key group. */
    public boolean trimmed() {
        return log.mayHaveLost();
    }

    BatchOffsets from() {
        return from;
    }

    BatchOffsets until() {
        return until;
    }

    /** What a batch may know of time: by then the gateway, as far as is known, had seen everything of before. */
    long seenThroughMs(long batchMs) {
        return Math.min(batchMs, log.seenThroughMs());
    }

    @Override
    public String toString() {
        return "the past of gateway " + log.gateway() + ", " + from + " until " + until;
    }
}
