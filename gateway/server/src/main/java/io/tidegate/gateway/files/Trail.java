package io.tidegate.gateway.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first and the last bytes of what was read of a log: what tells it from every other file, also from what it is when it
 * has been truncated and has grown again. Not thread-safe.
 */
final class Trail {

    /** So many bytes of either. */
    static final int BYTES = 1024;

    /**
     * As a note keeps it.
     *
     * @param head SHA-256 of the first bytes read, {@value #BYTES} at most, in hexadecimal digits
     * @param last SHA-256 of the last bytes read, likewise
     */
    record Print(String head, String last) {}

    private byte[] head;
    private byte[] last;

    private Trail(byte[] head, byte[] last) {
        this.head = head;
        this.last = last;
    }

    /** Of nothing. */
    static Trail none() {
        return new Trail(new byte[0], new byte[0]);
    }

    /** Of what stands before a position of a file; shorter, when the file is. */
    static Trail of(FileChannel file, long position) throws IOException {
        int length = (int) Math.min(BYTES, position);
        return new Trail(bytes(file, 0, length), bytes(file, position - length, length));
    }

    private static byte[] bytes(FileChannel file, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
            // Reads on.
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Some more was read. */
    void read(byte[] block, int from, int to) {
        int missing = Math.min(BYTES - head.length, to - from);
        if (missing > 0) {
            head = joined(head, block, from, missing);
        }
        int fresh = Math.min(BYTES, to - from);
        int kept = Math.min(BYTES - fresh, last.length);
        last = joined(Arrays.copyOfRange(last, last.length - kept, last.length), block, to - fresh, fresh);
    }

    private static byte[] joined(byte[] first, byte[] block, int from, int length) {
        byte[] both = Arrays.copyOf(first, first.length + length);
        System.arraycopy(block, from, both, first.length, length);
        return both;
    }

    boolean isLike(Trail other) {
        return Arrays.equals(head, other.head) && Arrays.equals(last, other.last);
    }

    /** What {@link Print#head} is of a log of which so much was read. */
    static String headOf(FileChannel file, long position) throws IOException {
        return hash(bytes(file, 0, (int) Math.min(BYTES, position)));
    }

    Print print() {
        return new Print(hash(head), hash(last));
    }

    private static String hash(byte[] bytes) {
        MessageDigest digest = Content.digest();
        return HexFormat.of().formatHex(digest.digest(bytes));
    }
}
