package io.tidegate.gateway.admission;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The gateway's time of receipt, and up to when everything received is durable.
 *
 * <p>Each source stamps what it receives and reports in order of receipt what became durable. {@link #now} is the minimum
 * over the sources: the oldest stamp that is not durable yet, or the present. A source that is disconnected, or has been
 * connected for less than the settling time, holds it where it was: what waits for us behind the connection counts as
 * received when it was sent, as far as silence is concerned. Before every registered source has connected and settled
 * once it is 0. It never steps back. Thread-safe.
 *
 * <pre>
 *   register ──▶ away ──connected──▶ settling ──(settle passes)──▶ settled
 *                 ▲                      │                            │
 *                 └──────disconnected────┴────────────────────────────┘
 * </pre>
 */
public final class SeenThrough {

    private final Clock clock;
    private final long settleMs;
    private final Map<String, Receipts> sources = new HashMap<>();
    private long time;
    private long seen;

    /**
     * Without sources yet.
     *
     * @param clock the wall clock; a step back of it stops the time of receipt until it has caught up
     * @param settle how long after a (re)connection the past may still arrive
     * @param startMs no stamp is below it: the greatest time of receipt in the log
     */
    public SeenThrough(Clock clock, Duration settle, long startMs) {
        this.clock = clock;
        this.settleMs = settle.toMillis();
        this.time = startMs;
    }

    /**
     * A source's receipts. A source that starts anew registers anew: what its earlier life had in flight is forgotten (it
     * was not acknowledged and comes again), and the older receipts have no effect any more.
     */
    public synchronized Receipts register(String source) {
        Receipts receipts = new Receipts(this);
        sources.put(source, receipts);
        return receipts;
    }

    /** Everything received before this time, in ms of the gateway's clock, is durable; 0: not known yet. */
    public synchronized long now() {
        long present = present();
        long least = sources.isEmpty() ? 0 : present;
        for (Receipts source : sources.values()) {
            least = Math.min(least, source.through(present));
        }
        seen = Math.max(seen, least);
        return seen;
    }

    /** The gateway's time of receipt in ms: the wall clock, but never stepping back. */
    public synchronized long clockMs() {
        return present();
    }

    private long present() {
        time = Math.max(time, clock.millis());
        return time;
    }

    /** The receipts of one source. Thread-safe. */
    public static final class Receipts {

        private static final long AWAY = Long.MIN_VALUE;

        private final SeenThrough all;
        private final InFlightStamps inFlight = new InFlightStamps();
        private long connectedAt = AWAY;
        private long frozen;

        private Receipts(SeenThrough all) {
            this.all = all;
            this.frozen = all.seen;
        }

        /** The time of receipt in ms of what has just come in, which is in flight from now on; never steps back. */
        public long stamp() {
            synchronized (all) {
                long stamp = all.present();
                inFlight.add(stamp);
                return stamp;
            }
        }

        /**
         * The oldest {@code count} stamps are durable.
         *
         * @throws IllegalArgumentException when fewer are in flight
         */
        public void done(int count) {
            synchronized (all) {
                inFlight.remove(count);
            }
        }

        /** The number of stamps that are not durable yet. */
        public long inFlight() {
            synchronized (all) {
                return inFlight.size();
            }
        }

        /** The source is connected: after the settling time its present is known again. Idempotent. */
        public void connected() {
            synchronized (all) {
                if (connectedAt == AWAY) {
                    connectedAt = all.present();
                }
            }
        }

        /** The source is away: time stands still where it is. What is in flight may still become durable. Idempotent. */
        public void disconnected() {
            synchronized (all) {
                frozen = through(all.present());
                connectedAt = AWAY;
            }
        }

        private long through(long present) {
            if (connectedAt == AWAY || present - connectedAt < all.settleMs) {
                return frozen;
            }
            return inFlight.size() == 0 ? present : inFlight.oldest();
        }
    }
}
