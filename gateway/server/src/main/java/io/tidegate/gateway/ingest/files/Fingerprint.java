package io.tidegate.gateway.ingest.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * The first and the last bytes of what was read of a log: what tells it from every other file, also from what it is when it
 * has been truncated and has grown again. Not thread-safe.
 */
final class Fingerprint {

    /** So many bytes of either. */
    static final int BYTES = 1024;

    private static final int LOOKED = 1 << 20;

    /**
     * As the state of a log keeps it.
     *
     * @param head SHA-256 of the first bytes read, {@value #BYTES} at most, in hexadecimal digits
     * @param last SHA-256 of the last bytes read, likewise
     */
    record Print(String head, String last) {}

    private byte[] head;
    private byte[] last;

    private Fingerprint(byte[] head, byte[] last) {
        this.head = head;
        this.last = last;
    }

    /** Of nothing. */
    static Fingerprint none() {
        return new Fingerprint(new byte[0], new byte[0]);
    }

    /** Of what stands before a position of a file; shorter, when the file is. */
    static Fingerprint of(FileChannel file, long position) throws IOException {
        int length = (int) Math.min(BYTES, position);
        return new Fingerprint(bytes(file, 0, length), bytes(file, position - length, length));
    }

    static byte[] bytes(FileChannel file, long from, int length) throws IOException {
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

    boolean isLike(Fingerprint other) {
        return Arrays.equals(head, other.head) && Arrays.equals(last, other.last);
    }

    /** Opens a file to be read. @throws IOException also when it is a link */
    static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Where the first line begins behind a place of a file, or that place when none begins in the next {@value #LOOKED} bytes. */
    static long lineBegin(FileChannel file, long from) throws IOException {
        byte[] bytes = bytes(file, from, LOOKED);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return from + i + 1;
            }
        }
        return from;
    }

    Print print() {
        return new Print(hash(head), hash(last));
    }

    static String hash(byte[] bytes) {
        MessageDigest digest = FileContent.digest();
        return HexFormat.of().formatHex(digest.digest(bytes));
    }
}
