package io.tidegate.gateway.syslog;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts what comes over a TCP connection into messages (RFC 6587): a message that begins with a digit is as long as that number
 * says, any other ends with its line. Memory is bounded by the longest message. Not thread-safe.
 *
 * <pre>
 *          digit             space            all bytes
 *   start ───────▶ counting ───────▶ counted ───────────▶ start
 *     │ anything else          │ no number
 *     ▼                        └──────────▶ lost: nobody knows where the next message begins
 *   line ──────▶ start
 *         LF
 * </pre>
 */
final class FrameReader {

    private enum State {
        START,
        LINE,
        COUNTING,
        COUNTED,
        LOST
    }

    private static final int MOST_DIGITS = 9;
    private static final int FIRST_BUFFER = 1024;

    private final int most;
    private final List<Frame> frames = new ArrayList<>();
    private State state = State.START;
    // Of the frame that is not complete: its first bytes, how many there are so far, and how many there should be.
    private byte[] head = new byte[FIRST_BUFFER];
    private long length;
    private long count;

    /** @param most bytes of a message */
    FrameReader(int most) {
        this.most = most;
    }

    /** Takes what came. */
    void feed(byte[] block, int from, int to) {
        int at = from;
        while (at < to && state != State.LOST) {
            at = switch (state) {
                case START -> start(block, at);
                case LINE -> line(block, at, to);
                case COUNTING -> counting(block, at);
                case COUNTED -> counted(block, at, to);
                case LOST -> to;
            };
        }
    }

    /** The connection has ended. What is not complete is broken, even if it looks like a message. */
    void end() {
        if (length > 0 || state == State.COUNTED) {
            broken("the connection ended behind byte " + length + " of a message");
        }
    }

    /** True: what comes from now on can't be told apart. */
    boolean isLost() {
        return state == State.LOST;
    }

    /** What came since the last time. */
    List<Frame> take() {
        List<Frame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    private int start(byte[] block, int at) {
        byte first = block[at];
        if (first == '\n') {
            // Some put a line end behind a message whose length they have told.
            return at + 1;
        }
        count = 0;
        state = first >= '1' && first <= '9' ? State.COUNTING : State.LINE;
        return at;
    }

    private int line(byte[] block, int from, int to) {
        int at = from;
        while (at < to && block[at] != '\n') {
            at++;
        }
        keep(block, from, at);
        if (at == to) {
            return to;
        }
        complete();
        return at + 1;
    }

    private int counting(byte[] block, int at) {
        byte next = block[at];
        keep(block, at, at + 1);
        if (next >= '0' && next <= '9' && length <= MOST_DIGITS) {
            count = count * 10 + next - '0';
        } else if (next == ' ') {
            state = State.COUNTED;
            length = 0;
        } else {
            broken("byte " + (length - 1) + " (expected: the length of a message and a space, or <)");
            state = State.LOST;
        }
        return at + 1;
    }

    private int counted(byte[] block, int from, int to) {
        int end = (int) Math.min(to, from + count - length);
        keep(block, from, end);
        if (length == count) {
            complete();
        }
        return end;
    }

    private void keep(byte[] block, int from, int to) {
        int kept = (int) Math.min(length, most);
        int more = Math.min(to - from, most - kept);
        if (kept + more > head.length) {
            head = Arrays.copyOf(head, Math.min(most, Math.max(2 * head.length, kept + more)));
        }
        System.arraycopy(block, from, head, kept, more);
        length += to - from;
    }

    private void complete() {
        frames.add(length > most ? new Frame.TooLong(kept(), length, most) : new Frame.Message(kept()));
        startAnew();
    }

    private void broken(String why) {
        frames.add(new Frame.Broken(kept(), why));
        startAnew();
    }

    private void startAnew() {
        state = State.START;
        length = 0;
    }

    private ByteString kept() {
        return ByteString.copyFrom(head, 0, (int) Math.min(length, most));
    }
}
