package io.tidegate.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What leaves over a socket: Paho's packets, and between them the acknowledgements (PUBACK, MQTT 5 section 3.4), which do
 * not go through Paho. Paho would make objects of each and keep them in a vector that it empties from the front: a broker
 * that reads acknowledgements more slowly than it delivers, as a busy mosquitto does, would let that vector grow without
 * bound and make each removal as expensive as it is long.
 *
 * <p>Here an acknowledgement that has not left is two bytes. One worker writes what has gathered, {@link #AT_ONCE} to a
 * system call; while it waits for a broker that does not read, more gather, up to {@link #MOST_WAITING}. Then
 * {@link #awaitRoom} makes whoever reads the socket wait, so that TCP tells the broker.
 *
 * <p>Thread-safe. No more than one thread writes packets (Paho's sender, which flushes at the end of each).
 */
final class Outgoing extends OutputStream {
    /** As many as fit into 1 KiB: a broker that waits for the first shall not wait long. */
    static final int AT_ONCE = 256;

    /** Sixteen times the packet ids there are: no broker that keeps to a receive maximum gets here. */
    static final int MOST_WAITING = 1 << 20;

    private static final int PUBACK = 0x40;
    private static final int PUBACK_BYTES = 4;
    private static final int BYTE_BITS = 8;

    private final OutputStream socket;
    private final Executor workers;

    /** What Paho has written of a packet that it has not flushed. For Paho's sender. */
    private final ByteArrayOutputStream packet = new ByteArrayOutputStream();

    private final PacketIds waiting = new PacketIds();
    /** Held while a whole packet, or whole acknowledgements, are written. Taken before that of {@link #waiting}. */
    private final Object writing = new Object();

    // Guarded by waiting.
    private boolean isWriting;
    private boolean closed;

    /** @param workers may be kept waiting by the socket */
    Outgoing(OutputStream socket, Executor workers) {
        this.socket = socket;
        this.workers = workers;
    }

    /** Sends acknowledgements, in the order of the calls, soon. Does nothing after {@link #abandon}. Doesn't block. */
    void acknowledge(int... packetIds) {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            for (int id : packetIds) {
                waiting.add(id);
            }
            if (isWriting || waiting.isEmpty()) {
                return;
            }
            isWriting = true;
        }
        workers.execute(this::writeAcknowledgements);
    }

    /** Waits while as many acknowledgements as may wait do; false, and the thread's flag set, when interrupted. */
    boolean awaitRoom() {
        synchronized (waiting) {
            try {
                while (waiting.size() >= MOST_WAITING) {
                    waiting.wait();
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Waits, at most so long, until what has been acknowledged has left or never will. */
    void awaitWritten(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (waiting) {
            try {
                for (long left = timeout.toMillis(); isWriting && left > 0; left = millisUntil(deadline)) {
                    waiting.wait(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long millisUntil(long deadline) {
        return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }

    private void writeAcknowledgements() {
        byte[] bytes = new byte[AT_ONCE * PUBACK_BYTES];
        try {
            for (int length = next(bytes); length > 0; length = next(bytes)) {
                synchronized (writing) {
                    socket.write(bytes, 0, length);
                }
            }
        } catch (IOException e) {
            // Whoever reads the socket notices too, and says so.
            abandon();
        }
    }

    /** Takes what waits, as many as fit; 0 when there is nothing more to do. */
    private int next(byte[] bytes) {
        synchronized (waiting) {
            int length = 0;
            while (length < bytes.length && !waiting.isEmpty() && !closed) {
                int id = waiting.remove();
                bytes[length] = PUBACK;
                bytes[length + 1] = 2;
                bytes[length + 2] = (byte) (id >> BYTE_BITS);
                bytes[length + 3] = (byte) id;
                length += PUBACK_BYTES;
            }
            isWriting = length > 0;
            waiting.notifyAll();
            return length;
        }
    }

    @Override
    public void write(int b) {
        packet.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        packet.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        if (packet.size() > 0) {
            synchronized (writing) {
                packet.writeTo(socket);
            }
            packet.reset();
        }
    }

    /** Acknowledgements that have not left are forgotten, and whoever waits is let go; the socket is its owner's to close. */
    void abandon() {
        synchronized (waiting) {
            closed = true;
            isWriting = false;
            waiting.clear();
            waiting.notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        abandon();
        socket.close();
    }
}
