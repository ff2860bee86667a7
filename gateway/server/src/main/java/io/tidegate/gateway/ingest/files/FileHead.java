package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.ingest.files.DirectoryListing.Entry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a file that may be a copy of a log. They are read once, however many logs they are compared with. Not
 * thread-safe.
 */
final class FileHead {

    private final Entry file;
    private byte @Nullable [] bytes;
    // Of all bytes, which is what most logs are compared with.
    private @Nullable String whole;

    FileHead(Entry file) {
        this.file = file;
    }

    String name() {
        return file.name();
    }

    /** What {@link Fingerprint.Print#head} is of a log of which so much was read. */
    String print(long read) throws IOException {
        byte[] first = bytes();
        if (read < first.length) {
            return Fingerprint.hash(Arrays.copyOf(first, (int) read));
        }
        if (whole == null) {
            whole = Fingerprint.hash(first);
        }
        return whole;
    }

    /** Whether it begins as every log does that was truncated under a writer without O_APPEND, which tells nothing. */
    boolean isHole() throws IOException {
        for (byte each : bytes()) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it has at this place what was read of a log. */
    boolean hasTrail(long read, Fingerprint.Print print) throws IOException {
        try (FileChannel channel = Fingerprint.open(file.path())) {
            return Fingerprint.of(channel, read).print().equals(print);
        }
    }

    private byte[] bytes() throws IOException {
        byte[] read = bytes;
        if (read == null) {
            try (FileChannel channel = Fingerprint.open(file.path())) {
                read = Fingerprint.bytes(channel, 0, Fingerprint.BYTES);
            }
            bytes = read;
        }
        return read;
    }
}
