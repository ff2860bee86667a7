package io.tidegate.gateway.ingest;

import java.util.concurrent.Semaphore;

/**
 * What one request has reserved of the memory that all requests together may use. It grows as the body comes and is given
 * back at once at the end. Thread-safe.
 */
public final class MemoryReservation {

    private final Semaphore room;
    private final int total;
    private int held;
    private boolean released;

    /**
     * A reservation of nothing yet.
     *
     * @param room the bytes that are free
     * @param total the bytes that are free when nobody holds any
     */
    public MemoryReservation(Semaphore room, int total) {
        this.room = room;
        this.total = total;
    }

    /** Reserves so many more bytes; false: there is no room for them, and nothing changes. Never waits. */
    public synchronized boolean grow(long bytes) {
        if (released || bytes > total - held || !room.tryAcquire((int) bytes)) {
            return false;
        }
        held += (int) bytes;
        return true;
    }

    /** Reserves so many more bytes, or all that there are if they are fewer: whoever is alone gets through. */
    public synchronized boolean growUpTo(long bytes) {
        return grow(Math.min(bytes, (long) total - held));
    }

    /** Gives some bytes back. */
    public synchronized void shrink(int bytes) {
        if (!released) {
            held -= bytes;
            room.release(bytes);
        }
    }

    /** Gives everything back; it may grow again. */
    public synchronized void clear() {
        shrink(held);
    }

    /** Gives everything back, and grows no more. Idempotent. */
    public synchronized void release() {
        clear();
        released = true;
    }
}
