package io.tidegate.mqtt;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes acknowledgements (PUBACK) that were announced together with one call, where Paho makes one of each packet. It is
 * known that more are to come, so nothing waits for a clock: what is held leaves with the last that was
 * announced, when {@link #HELD_BYTES} are full, or in front of any other packet.
 *
 * <p>For Paho's sending thread, which flushes at the end of each packet.
 */
final class CoalescedOutput extends OutputStream {
    /** At most: a broker that waits for the first shall not wait long. */
    static final int HELD_BYTES = 1024;

    private static final int PUBACK = 4;
    private static final int TYPE_SHIFT = 4;

    private final OutputStream out;
    private final AtomicInteger expected;
    private final byte[] held = new byte[HELD_BYTES];
    private int count;
    private boolean inPacket;
    private boolean isAcknowledgement;

    /** @param expected acknowledgements that are to be written soon; counted down here */
    CoalescedOutput(OutputStream out, AtomicInteger expected) {
        this.out = out;
        this.expected = expected;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        if (!inPacket) {
            inPacket = true;
            isAcknowledgement = (bytes[offset] & 0xFF) >> TYPE_SHIFT == PUBACK;
        }
        if (length > held.length - count) {
            writeHeld();
        }
        if (length > held.length) {
            out.write(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, held, count, length);
            count += length;
        }
    }

    @Override
    public void flush() throws IOException {
        boolean moreFollow = inPacket && isAcknowledgement && expected.decrementAndGet() > 0;
        inPacket = false;
        if (!moreFollow) {
            writeHeld();
        }
    }

    @Override
    public void close() throws IOException {
        writeHeld();
        out.close();
    }

    private void writeHeld() throws IOException {
        int length = count;
        count = 0;
        out.write(held, 0, length);
    }
}
