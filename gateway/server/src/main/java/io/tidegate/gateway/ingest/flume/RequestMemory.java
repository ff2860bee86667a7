package io.tidegate.gateway.ingest.flume;

import java.util.concurrent.Semaphore;

/**
 * What the requests of one connection hold of the memory that all agents share. It is reserved when a request says how long it
 * is, before its bytes have come, and given back when it is answered or the connection has ended. Thread-safe.
 */
final class RequestMemory {

    /** Requests of a connection that have come and are not answered; an agent has one, or a few. */
    private static final int MOST_REQUESTS = 4;

    private final Semaphore room;
    private final int total;
    private int held;
    private int requests;
    private boolean closed;

    /**
     * A connection without requests.
     *
     * @param room the bytes that are free
     * @param total the bytes that are free when nobody is connected
     */
    RequestMemory(Semaphore room, int total) {
        this.room = room;
        this.total = total;
    }

    /** A request begins; false: too many of this connection are not answered. */
    synchronized boolean begin() {
        requests++;
        return requests <= MOST_REQUESTS;
    }

    /** Reserves so many more bytes, or all that there are if they are fewer; false: there is no room. Never waits. */
    synchronized boolean grow(long bytes) {
        int more = (int) Math.min(bytes, (long) total - held);
        if (closed || !room.tryAcquire(more)) {
            return false;
        }
        held += more;
        return true;
    }

    /** A request has been answered. */
    synchronized void answered() {
        requests--;
        if (requests <= 0 && !closed) {
            room.release(held);
            held = 0;
        }
    }

    /** The connection has ended. Idempotent. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            room.release(held);
            held = 0;
        }
    }
}
