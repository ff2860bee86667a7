package io.tidegate.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What leaves over a socket: Paho's packets, and between them acknowledgements (PUBACK, MQTT 5 section 3.4) and pings
 * (PINGREQ, section 3.12), which do not go through Paho. Paho would make objects of each acknowledgement and keep them in
 * a vector that it empties from the front: a broker that reads acknowledgements more slowly than it delivers, as a busy
 * mosquitto does, would let that vector grow without bound and make each removal as expensive as it is long.
 *
 * <p>A delivery is <em>outstanding</em> from {@link #awaitTurn} until its acknowledgement was written to the socket. At
 * most receive-maximum are, and about so many bytes: whoever reads the socket waits, so that TCP holds the broker back. A
 * broker that keeps to receive-maximum and sends no large messages never makes anybody wait here. One worker writes what
 * has gathered, {@link #AT_ONCE} to a system call.
 *
 * <p>Thread-safe. No more than one thread writes packets (Paho's sender, which flushes at the end of each), and no more
 * than one reads the socket.
 */
final class OutboundStream extends OutputStream {
    /**
     * One acknowledgement.
     *
     * @param bytes what its delivery was said to take, see {@link #awaitTurn}
     */
    record Acknowledgement(int packetId, int bytes) {}

    /** As many as fit into 1 KiB: a broker that waits for the first shall not wait long. */
    static final int AT_ONCE = 256;

    /** So many bytes of packets gather at most, or one packet. */
    static final int MOST_GATHERED = 64 << 10;

    private static final int PUBLISH = 0x30;
    private static final int TYPE = 0xF0;
    private static final int PINGREQ = 0xC0;
    private static final int PINGREQ_BYTES = 2;
    private static final int PUBACK = 0x40;
    private static final int PUBACK_BYTES = 4;
    private static final int BYTE_BITS = 8;

    private final OutputStream socket;
    private final Executor workers;
    private final int receiveMaximum;
    private final long receiveMaximumBytes;

    /** What Paho has written of a packet that it has not flushed. For Paho's sender. */
    private final ByteArrayOutputStream packet = new ByteArrayOutputStream();

    private final Queue<Acknowledgement> waiting = new ArrayDeque<>();

    // Guarded by waiting.
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    /** Bytes of packets that have ever gathered, and those of them that were written. */
    private long gatheredBytes;

    private long writtenBytes;
    private int outstanding;
    private long outstandingBytes;
    private boolean pingIsDue;
    private boolean isWriting;
    private boolean closed;

    private volatile boolean isHolding;
    private volatile long lastHeldNanos = System.nanoTime();
    private volatile long lastWrittenNanos = System.nanoTime();
    /** When the write began that has not ended; 0 when there is none. */
    private volatile long writeBeganNanos;

    /**
     * A way out.
     *
     * @param workers may be kept waiting by the socket
     * @param receiveMaximum the most deliveries outstanding
     * @param receiveMaximumBytes the most bytes of them, and one delivery more
     */
    OutboundStream(OutputStream socket, Executor workers, int receiveMaximum, long receiveMaximumBytes) {
        this.socket = socket;
        this.workers = workers;
        this.receiveMaximum = receiveMaximum;
        this.receiveMaximumBytes = receiveMaximumBytes;
    }

    /**
     * Waits until another delivery may be outstanding, and counts it.
     *
     * @param bytes how much memory it takes, about
     * @return false when nothing leaves any more, or, with the thread's flag set, when interrupted
     */
    boolean awaitTurn(int bytes) {
        synchronized (waiting) {
            try {
                isHolding = isFull();
                while (isFull()) {
                    waiting.wait();
                }
                outstanding++;
                outstandingBytes += bytes;
                return !closed;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                if (isHolding) {
                    lastHeldNanos = System.nanoTime();
                    isHolding = false;
                }
            }
        }
    }

    private boolean isFull() {
        return !closed && (outstanding >= receiveMaximum || outstandingBytes >= receiveMaximumBytes);
    }

    /** Sends acknowledgements, in the order of the calls, soon. Does nothing after {@link #abandon}. Doesn't block. */
    void acknowledge(List<Acknowledgement> acknowledgements) {
        writeSoon(() -> waiting.addAll(acknowledgements));
    }

    /** Sends a ping soon, in front of the acknowledgements that wait. Does nothing after {@link #abandon}. Doesn't block. */
    void ping() {
        writeSoon(() -> pingIsDue = true);
    }

    /** @param more puts it to what waits */
    private void writeSoon(Runnable more) {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            more.run();
            if (isWriting || (waiting.isEmpty() && gathered.size() == 0 && !pingIsDue)) {
                return;
            }
            isWriting = true;
        }
        workers.execute(this::writeWaiting);
    }

    /** Whether the socket is not read at present, because receive-maximum deliveries are outstanding. */
    boolean isHolding() {
        return isHolding;
    }

    /** When the socket was held back last, in the time of {@link System#nanoTime}; at first, when the connection was made. */
    long lastHeldNanos() {
        return lastHeldNanos;
    }

    /** When something was written last, in the time of {@link System#nanoTime}; at first, when the connection was made. */
    long lastWrittenNanos() {
        return lastWrittenNanos;
    }

    /** For how long the socket has not taken what is being written to it; 0 when nothing is. */
    long stuckNanos() {
        long began = writeBeganNanos;
        return began == 0 ? 0 : System.nanoTime() - began;
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

    private void writeWaiting() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(PINGREQ_BYTES + AT_ONCE * PUBACK_BYTES);
        List<Acknowledgement> written = new ArrayList<>(AT_ONCE);
        try {
            while (next(bytes, written)) {
                write(bytes);
            }
        } catch (IOException e) {
            // Whoever reads the socket notices too, and says so.
            abandon();
        }
    }

    /**
     * Takes what waits, as much as fits.
     *
     * @param bytes gets what is to be written
     * @param written the acknowledgements that have left since the last call; gets those that leave next
     * @return whether there is anything to write
     */
    private boolean next(ByteArrayOutputStream bytes, List<Acknowledgement> written) {
        bytes.reset();
        synchronized (waiting) {
            outstanding -= written.size();
            written.forEach(gone -> outstandingBytes -= gone.bytes);
            written.clear();
            writtenBytes = gatheredBytes - gathered.size();
            if (pingIsDue && !closed) {
                bytes.write(PINGREQ);
                bytes.write(0);
                pingIsDue = false;
            }
            while (written.size() < AT_ONCE && !waiting.isEmpty() && !closed) {
                Acknowledgement next = waiting.remove();
                bytes.write(PUBACK);
                bytes.write(2);
                bytes.write(next.packetId >> BYTE_BITS);
                bytes.write(next.packetId);
                written.add(next);
            }
            bytes.writeBytes(gathered.toByteArray());
            gathered.reset();
            isWriting = bytes.size() > 0;
            waiting.notifyAll();
            return isWriting;
        }
    }

    /** Writes what has gathered to the socket. */
    private void write(ByteArrayOutputStream bytes) throws IOException {
        writeBeganNanos = System.nanoTime();
        bytes.writeTo(socket);
        lastWrittenNanos = System.nanoTime();
        writeBeganNanos = 0;
    }

    @Override
    public void write(int b) {
        packet.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        packet.write(bytes, offset, length);
    }

    /** Sends what Paho has written: whole packets. */
    @Override
    public void flush() throws IOException {
        if (packet.size() == 0) {
            return;
        }
        byte[] bytes = packet.toByteArray();
        packet.reset();
        synchronized (waiting) {
            await(() -> gathered.size() == 0 || gathered.size() + bytes.length <= MOST_GATHERED);
            long end = gatheredBytes + bytes.length;
            writeSoon(() -> {
                gathered.writeBytes(bytes);
                gatheredBytes = end;
            });
            if ((bytes[0] & TYPE) != PUBLISH) {
                await(() -> writtenBytes >= end);
            }
        }
    }

    /** Waits, with the lock of {@link #waiting}. */
    private void await(BooleanSupplier condition) throws IOException {
        try {
            while (!closed && !condition.getAsBoolean()) {
                waiting.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a packet waited to be sent");
        }
        if (closed) {
            throw new IOException("the connection is closed");
        }
    }

    /** Acknowledgements that have not left are forgotten, and whoever waits is let go; the socket is its owner's to close. */
    void abandon() {
        synchronized (waiting) {
            closed = true;
            isWriting = false;
            waiting.clear();
            gathered.reset();
            waiting.notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        abandon();
        socket.close();
    }
}
