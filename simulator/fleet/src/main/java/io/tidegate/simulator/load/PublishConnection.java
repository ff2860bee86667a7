package io.tidegate.simulator.load;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is only published through, with a bounded number of messages under way. A thread of its own reads the
 * acknowledgements; one other thread fills and flushes.
 */
final class PublishConnection implements AutoCloseable {
    /** Below the 1,000 that the embedded broker takes. */
    private static final int MOST_IN_FLIGHT = 500;

    private static final int BUFFER = 32 << 10;
    private static final int LAST_PACKET_ID = 65_535;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final RawMqttConnection connection;
    private final AtomicLong acknowledged = new AtomicLong();
    private final byte[] buffer;
    private final int mostBytes;
    private int position;
    private long taken;
    private volatile @Nullable IOException lost;

    /** @param mostBytes of a packet */
    PublishConnection(URI broker, String clientId, int mostBytes) throws IOException {
        this.connection = new RawMqttConnection(broker, clientId);
        this.mostBytes = mostBytes;
        this.buffer = new byte[BUFFER + mostBytes];
        DaemonThread.start("acknowledgements of " + clientId, this::readAcknowledgements);
    }

    /** Waits until one more may be under way and there is room for it; the packet id that it shall have. */
    int next() throws IOException {
        if (position > buffer.length - mostBytes) {
            flush();
        }
        while (inFlight() >= MOST_IN_FLIGHT) {
            flush();
            check();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return (int) (taken++ % LAST_PACKET_ID) + 1;
    }

    byte[] buffer() {
        return buffer;
    }

    int position() {
        return position;
    }

    /** A packet has been put into the buffer, up to here. */
    void filled(int to) {
        position = to;
    }

    void flush() throws IOException {
        if (position > 0) {
            connection.write(buffer, position);
            position = 0;
        }
    }

    long inFlight() {
        return taken - acknowledged.get();
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Fails when the connection is lost. */
    void check() throws IOException {
        IOException reason = lost;
        if (reason != null) {
            throw reason;
        }
    }

    private void readAcknowledgements() {
        try {
            while (true) {
                if (connection.read().type() == RawMqttConnection.PUBACK) {
                    acknowledged.incrementAndGet();
                }
            }
        } catch (IOException e) {
            lost = e;
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
