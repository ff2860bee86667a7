package io.tidegate.mqtt;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads along in a stream of MQTT packets and fails at the header of one that is too large, before anybody makes room for
 * it: Paho allocates whatever a header announces, up to 256 MB (P15). For one thread.
 */
final class BoundedPackets extends FilterInputStream {

    private static final int MORE = 0x80;
    /** A length takes four bytes at most. */
    private static final int LAST_SHIFT = 21;

    private final long maxBytes;

    // Where in a packet we are: at its first byte, in its length, or with so many bytes of its body to come.
    private boolean inLength;
    private int shift;
    private long length;
    private long body;

    BoundedPackets(InputStream in, long maxBytes) {
        super(in);
        this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
            pass(next);
        }
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int read = super.read(bytes, offset, count);
        int seen = 0;
        while (seen < read) {
            if (body > 0) {
                int skipped = (int) Math.min(body, read - seen);
                body -= skipped;
                seen += skipped;
            } else {
                pass(bytes[offset + seen] & 0xFF);
                seen++;
            }
        }
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void pass(int next) throws IOException {
        if (body > 0) {
            body--;
        } else if (!inLength) {
            inLength = true;
            shift = 0;
            length = 0;
        } else {
            length |= (long) (next & ~MORE) << shift;
            shift += 7;
            if ((next & MORE) == 0) {
                headerEnds();
            } else if (shift > LAST_SHIFT) {
                throw new IOException("the broker sent a packet without a valid length");
            }
        }
    }

    private void headerEnds() throws IOException {
        long total = 1 + shift / 7 + length;
        if (total > maxBytes) {
            throw new IOException(
                    "the broker sent a packet of " + total + " bytes (expected: at most " + maxBytes + ")");
        }
        inLength = false;
        body = length;
    }
}
