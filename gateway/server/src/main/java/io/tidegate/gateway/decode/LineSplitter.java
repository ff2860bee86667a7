package io.tidegate.gateway.decode;

import java.util.Arrays;

/**
 * Cuts a stream of bytes, which comes in blocks of any size, into lines. A line over the limit is skipped to its end and
 * told with its beginning; memory is bounded by the limit. Not thread-safe.
 */
public final class LineSplitter {

    /** Who gets the lines, on the thread that feeds. */
    public interface Lines {

        /** A line without its end: {@code bytes[from..to)}, valid during the call. */
        void line(byte[] bytes, int from, int to, Place place);

        /** A line that was too long: its first bytes, and how long it was. */
        void tooLong(byte[] head, long length, Place place);
    }

    /**
     * Where a line is.
     *
     * @param number the line's, from 1
     * @param offset the byte of the stream at which it begins, from 0
     */
    public record Place(long number, long offset) {

        @Override
        public String toString() {
            return "line " + number + ", offset " + offset;
        }
    }

    private static final int FIRST_BUFFER = 1024;

    private final int limit;
    private long number;
    // Where the line that is not complete yet begins, its first bytes, and how long it is so far.
    private long offset;
    private byte[] head = new byte[FIRST_BUFFER];
    private int kept;
    private long length;

    /** @param behind the line that was read last, and where the next one begins; a new stream: 0 and 0 */
    public LineSplitter(int limit, Place behind) {
        this.limit = limit;
        this.number = behind.number();
        this.offset = behind.offset();
    }

    /** Takes a block, and gives the lines that end in it. */
    public void feed(byte[] block, int from, int to, Lines lines) {
        int begin = from;
        for (int i = from; i < to; i++) {
            if (block[i] == '\n') {
                complete(block, begin, i, lines);
                offset++;
                begin = i + 1;
            }
        }
        keep(block, begin, to);
    }

    /**
     * As {@link #feed}, but NUL bytes in front of a line are skipped: the hole that a writer without O_APPEND leaves in a log
     * that was truncated under it, or what a crash of the machine left.
     */
    public void feedBehindHoles(byte[] block, int from, int to, Lines lines) {
        int next = from;
        while (next < to) {
            while (length == 0 && next < to && block[next] == 0) {
                next++;
                offset++;
            }
            int end = next;
            while (end < to && !(block[end] == 0 && end > next && block[end - 1] == '\n')) {
                end++;
            }
            feed(block, next, end, lines);
            next = end;
        }
    }

    /** Whether the next byte begins a line. */
    public boolean isBetweenLines() {
        return length == 0;
    }

    /** The stream has ended: what has no line end is a line too. */
    public void end(Lines lines) {
        if (length > 0) {
            complete(head, 0, 0, lines);
        }
    }

    /** The last line that was given, and where the next one begins. */
    public Place behind() {
        return new Place(number, offset);
    }

    private void complete(byte[] block, int from, int to, Lines lines) {
        number++;
        Place place = new Place(number, offset);
        if (length == 0 && to - from <= limit + 1) {
            offset += to - from;
            lines.line(block, from, to, place);
            return;
        }
        keep(block, from, to);
        offset += length;
        long whole = length;
        int size = kept;
        length = 0;
        kept = 0;
        if (whole > limit + 1L) {
            lines.tooLong(Arrays.copyOf(head, Math.min(size, limit)), whole, place);
        } else {
            lines.line(head, 0, size, place);
        }
    }

    /** One byte more than the limit is kept: it may be a carriage return. */
    private void keep(byte[] block, int from, int to) {
        length += to - from;
        int more = Math.min(to - from, limit + 1 - kept);
        if (more > 0) {
            if (kept + more > head.length) {
                head = Arrays.copyOf(head, Math.min(limit + 1, Math.max(2 * head.length, kept + more)));
            }
            System.arraycopy(block, from, head, kept, more);
            kept += more;
        }
    }
}
