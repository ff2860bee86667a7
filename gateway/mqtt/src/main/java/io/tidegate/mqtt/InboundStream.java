package io.tidegate.mqtt;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What comes in over a socket, packet by packet, before Paho sees it. Three things need that.
 *
 * <ul>
 *   <li>A packet that is too large fails at its header, before anybody makes room for it: Paho allocates whatever a header
 *       announces, up to 256 MB (P15).
 *   <li>PINGRESP (MQTT 5 section 3.13) is taken out: it answers {@link KeepAlive}, and Paho ends a connection that has an
 *       answer to a ping of which it knows nothing.
 *   <li>The DUP flag of a PUBLISH (section 3.3.1.1) is kept: Paho does not pass it on.
 * </ul>
 *
 * <p>One thread reads; {@link #lastReadNanos} and {@link #arrivedIsDuplicate} are for others.
 */
final class InboundStream extends FilterInputStream {

    private static final int MORE = 0x80;
    /** A length takes four bytes at most. */
    private static final int LAST_SHIFT = 21;

    private static final int TYPE = 0xF0;
    private static final int PUBLISH = 0x30;
    private static final int PINGRESP = 0xD0;
    private static final int DUP = 0x08;

    private final long maxBytes;

    // Where in a packet we are: at its first byte, in its length, or with so many bytes of its body to come.
    private boolean inLength;
    private boolean isPingResponse;
    private int shift;
    private long length;
    private long body;

    private long publishes;
    /** Which PUBLISH packets, counted from 1, had the DUP flag and have not been handed over yet. */
    private final Queue<Long> duplicates = new ConcurrentLinkedQueue<>();
    /** How many were handed over. For the thread that hands over. */
    private long arrived;

    private volatile long lastReadNanos = System.nanoTime();

    InboundStream(InputStream in, long maxBytes) {
        super(in);
        this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
        while (true) {
            int next = super.read();
            if (next < 0 || !isHidden(next)) {
                return next;
            }
        }
    }

    /** Reads no further than to the end of a packet. */
    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (body == 0) {
            int one = read();
            if (one < 0) {
                return one;
            }
            bytes[offset] = (byte) one;
            return 1;
        }
        int read = super.read(bytes, offset, (int) Math.min(body, count));
        body -= Math.max(0, read);
        lastReadNanos = System.nanoTime();
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** When something was read last, in the time of {@link System#nanoTime}; at first, when the connection was made. */
    long lastReadNanos() {
        return lastReadNanos;
    }

    /**
     * Whether the message that has just arrived is one that the broker may have delivered before. To be asked exactly once
     * for each message that Paho hands over, in their order.
     */
    boolean arrivedIsDuplicate() {
        arrived++;
        Long next = duplicates.peek();
        if (next == null || next != arrived) {
            return false;
        }
        duplicates.remove();
        return true;
    }

    /** Goes on by one byte; whether Paho must not see it. */
    private boolean isHidden(int next) throws IOException {
        if (body > 0) {
            body--;
            return false;
        }
        if (!inLength) {
            begin(next);
        } else {
            length |= (long) (next & ~MORE) << shift;
            shift += 7;
            if ((next & MORE) == 0) {
                headerEnds();
            } else if (shift > LAST_SHIFT) {
                throw new IOException("the broker sent a packet without a valid length");
            }
        }
        return isPingResponse;
    }

    private void begin(int first) {
        lastReadNanos = System.nanoTime();
        inLength = true;
        shift = 0;
        length = 0;
        isPingResponse = (first & TYPE) == PINGRESP;
        if ((first & TYPE) == PUBLISH) {
            publishes++;
            if ((first & DUP) != 0) {
                duplicates.add(publishes);
            }
        }
    }

    private void headerEnds() throws IOException {
        long total = 1 + shift / 7 + length;
        if (total > maxBytes) {
            throw new IOException(
                    "the broker sent a packet of " + total + " bytes (expected: at most " + maxBytes + ")");
        }
        if (isPingResponse && length > 0) {
            throw new IOException("the broker answered a ping with " + length + " bytes (expected: none)");
        }
        inLength = false;
        body = length;
    }
}
