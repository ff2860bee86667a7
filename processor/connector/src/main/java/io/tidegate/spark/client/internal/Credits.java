package io.tidegate.spark.client.internal;

import io.tidegate.protocol.v1.Credit;
import java.util.Optional;

/**
 * How much the gateway may send: never more ahead than the bounds, and over time no more than Spark's rate. Spark limits
 * only receivers that store record by record; one that stores blocks has to keep the rate by itself, this way.
 *
 * <pre>
 * balance (at the gateway) = granted - received      below zero after a frame that overdrew
 * granted over time       &lt;= rate x time + one second's worth
 * received over time      &lt;= rate x time + one second's worth + what was under way, also when the rate falls:
 *                           what was granted before can't be taken back, but needn't be read
 * rate &lt;= 1                = nothing at all: that is how the driver says "stop"
 * </pre>
 *
 * <p>One per stream, one thread.
 */
public final class Credits {

    /** From this rate down, in events per second, nothing is granted. */
    public static final long NOTHING = 1;

    /** Credit goes out in helpings of at least this part of the bound. */
    private static final int HELPINGS = 8;

    private final long maxEvents;
    private final long maxBytes;
    private long events;
    private long bytes;
    private double allowance;
    private double room;
    private long lastMs;

    Credits(long maxEvents, long maxBytes, long nowMs) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        lastMs = nowMs - 100;
    }

    /** A frame was received. */
    void received(long events, long bytes) {
        this.events -= events;
        this.bytes -= bytes;
        room -= events;
    }

    /** Whether to leave unread what the gateway sends, as it came faster than the rate allows; as of the last grant. */
    boolean hold() {
        return room < 0;
    }

    /**
     * What to grant now.
     *
     * @param rate Spark's limit in events per second, {@link Long#MAX_VALUE} when there is none
     */
    Optional<Credit> grant(long rate, long nowMs) {
        double accrued = rate / 1000.0 * (nowMs - lastMs);
        lastMs = nowMs;
        room = Math.min((double) rate, room + accrued);
        if (rate <= NOTHING) {
            allowance = 0;
            room = -1;
            return Optional.empty();
        }
        long ahead = Math.min(maxEvents, rate);
        allowance = Math.min((double) ahead, allowance + accrued);
        long grantEvents = Math.min(ahead - events, (long) allowance);
        long grantBytes = maxBytes - bytes;
        boolean worthIt =
                grantEvents >= Math.max(1, ahead / HELPINGS) || grantBytes >= Math.max(1, maxBytes / HELPINGS);
        return worthIt && allowance >= 1 ? Optional.of(granted(grantEvents, grantBytes)) : Optional.empty();
    }

    /** The protocol knows no credit below 1. */
    private Credit granted(long grantEvents, long grantBytes) {
        long moreEvents = Math.max(1, grantEvents);
        long moreBytes = Math.max(1, grantBytes);
        allowance -= moreEvents;
        events += moreEvents;
        bytes += moreBytes;
        return Credit.newBuilder().setEvents(moreEvents).setBytes(moreBytes).build();
    }
}
