package io.tidegate.gateway.ingest.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** What is in a file; unpacked where it is gzip, whatever its name. */
final class FileContent {

    /** How a file compares with what was read of one. */
    enum Likeness {
        /** All of it, and nothing else. */
        SAME,
        /** It begins so, and goes on. */
        LONGER,
        /** It does not begin so. */
        OTHER
    }

    private static final int BUFFER = 128 << 10;
    private static final int GZIP = 0x8b1f;

    private FileContent() {}

    /** @throws IOException also when it is a link */
    static InputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), BUFFER);
        try {
            in.mark(2);
            int magic = in.read() | in.read() << 8;
            in.reset();
            return magic == GZIP ? new GZIPInputStream(in, BUFFER) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** SHA-256 of nothing yet. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /** What a digest says so far; it goes on. */
    static String hash(MessageDigest digest) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own can be cloned", e);
        }
    }

    /** Reads so many bytes into a digest. @return fewer: the stream ended */
    static long digest(InputStream in, long bytes, MessageDigest digest) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long done = 0;
        while (done < bytes) {
            int count = in.read(buffer, 0, (int) Math.min(BUFFER, bytes - done));
            if (count < 0) {
                break;
            }
            digest.update(buffer, 0, count);
            done += count;
        }
        return done;
    }

    /**
     * Compares a file with what was read of one.
     *
     * @param length how many bytes were read
     * @param hash what they were
     * @throws IOException when it can't be opened; a stream that breaks later is longer, or another
     */
    static Likeness compare(Path file, long length, String hash) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = open(file)) {
            try {
                boolean begins =
                        digest(in, length, digest) == length && hash(digest).equals(hash);
                return !begins ? Likeness.OTHER : in.read() < 0 ? Likeness.SAME : Likeness.LONGER;
            } catch (IOException e) {
                return hash(digest).equals(hash) ? Likeness.LONGER : Likeness.OTHER;
            }
        }
    }
}
