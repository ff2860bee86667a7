package io.tidegate.gateway.ingest.files;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in blocks that end where a line ends, except in the middle of a line that is longer than a block. What
 * was read before the stream failed is given before it is told that it failed. Not thread-safe.
 */
final class LineBlocks {

    /** So much is read at a time. */
    static final int SIZE = 128 << 10;

    private final byte[] buffer = new byte[SIZE];
    private int filled;
    private int given;
    private boolean ended;
    private @Nullable IOException failure;

    /**
     * Reads on; the block before is overwritten.
     *
     * @return whether there is a block: {@code bytes()[0..length())}; no: the stream has ended, and what has no line end is
     *     in {@code bytes()[length()..filled())}
     */
    boolean next(InputStream in) throws IOException {
        System.arraycopy(buffer, given, buffer, 0, filled - given);
        filled -= given;
        given = 0;
        fill(in);
        int end = filled;
        while (end > 0 && buffer[end - 1] != '\n') {
            end--;
        }
        given = end == 0 && filled == SIZE ? filled : end;
        if (given == 0 && failure != null) {
            throw failure;
        }
        return given > 0;
    }

    private void fill(InputStream in) {
        try {
            while (filled < SIZE && !ended && failure == null) {
                int count = in.read(buffer, filled, SIZE - filled);
                ended = count < 0;
                filled += Math.max(0, count);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    byte[] bytes() {
        return buffer;
    }

    int length() {
        return given;
    }

    int filled() {
        return filled;
    }

    /** Whether the block ends where a line ends. */
    boolean endsLine() {
        return given > 0 && buffer[given - 1] == '\n';
    }
}
