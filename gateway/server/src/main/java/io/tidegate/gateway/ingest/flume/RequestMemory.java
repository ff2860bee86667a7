package io.tidegate.gateway.ingest.flume;

import io.tidegate.gateway.ingest.MemoryReservation;

/**
 * What the requests of one connection hold of the memory that all agents share. It is reserved when a request says how long it
 * is, before its bytes have come, and given back when it is answered or the connection has ended. Thread-safe.
 */
final class RequestMemory {

    /** Requests of a connection that have come and are not answered; an agent has one, or a few. */
    private static final int MOST_REQUESTS = 4;

    private final MemoryReservation held;
    private int requests;

    /**
     * A connection without requests.
     *
     * @param held nothing yet
     */
    RequestMemory(MemoryReservation held) {
        this.held = held;
    }

    /** A request begins; false: too many of this connection are not answered. */
    synchronized boolean begin() {
        requests++;
        return requests <= MOST_REQUESTS;
    }

    /** Reserves so many more bytes, or all that there are if they are fewer; false: there is no room. Never waits. */
    boolean grow(long bytes) {
        return held.growUpTo(bytes);
    }

    /** A request has been answered. */
    synchronized void answered() {
        requests--;
        if (requests <= 0) {
            held.clear();
        }
    }

    /** The connection has ended. Idempotent. */
    void close() {
        held.release();
    }
}
