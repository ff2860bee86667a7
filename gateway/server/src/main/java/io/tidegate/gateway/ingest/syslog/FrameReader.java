package io.tidegate.gateway.ingest.syslog;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Cuts what comes over a TCP connection into messages (RFC 6587): a message that begins with a digit is as long as that number
 * says, any other ends with its line or a NUL. Memory is bounded by the longest message. Not thread-safe.
 *
 * <p>A number that is wrong shows behind its message, or behind the next one: what stands there begins no message. So the last
 * two messages that were counted are held back until then, or until {@link #silence}; else one that lacks its last digit
 * would count. A wrong number ends the connection: to look for the next message would be to read what a visitor wrote.
 *
 * <pre>
 *          digit             space            all bytes
 *   start ───────▶ counting ───────▶ counted ───────────▶ start
 *     │ anything else          │ no number            no message begins there
 *     ▼                        └──────────▶ lost ◀────────────────────────── start, counted
 *   line ──────▶ start
 *         LF, NUL
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
    private static final int HELD = 2;
    private static final byte MARK = (byte) 0xef;
    private static final int FIRST_BUFFER = 1024;

    private final int most;
    private final List<SyslogFrame> frames = new ArrayList<>();
    // Messages whose number is not known to be right.
    private final Deque<SyslogFrame> held = new ArrayDeque<>(HELD);
    private State state = State.START;
    private boolean counted;
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
                case START -> start(block, at, to);
                case LINE -> line(block, at, to);
                case COUNTING -> counting(block, at);
                case COUNTED -> counted(block, at, to);
                case LOST -> to;
            };
        }
    }

    /** Nothing comes for a while: what is held back is taken as it is. */
    void silence() {
        frames.addAll(held);
        held.clear();
    }

    /** The connection has ended. What is not complete is broken, even if it looks like a message. */
    void end() {
        silence();
        if (length > 0 || state == State.COUNTED) {
            broken("the connection ended behind byte " + length + " of a message");
        }
    }

    /** True: what comes from now on can't be told apart. */
    boolean isLost() {
        return state == State.LOST;
    }

    /** What came since the last time. */
    List<SyslogFrame> take() {
        List<SyslogFrame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    private int start(byte[] block, int at, int to) {
        byte first = block[at];
        if (first == '\n' || first == '\r' || first == 0) {
            // Some put a line end or a NUL behind a message whose length they have told.
            return at + 1;
        }
        boolean number = first >= '1' && first <= '9';
        if (counted && !number && first != '<') {
            lost(block, at, to);
            return to;
        }
        count = 0;
        state = number ? State.COUNTING : State.LINE;
        return at;
    }

    /** No message begins here, so the number of the message before is wrong, or that of the one before it. */
    private void lost(byte[] block, int from, int to) {
        doubt();
        keep(block, from, to);
        broken(
                "a message begins with a number or < (expected behind one whose length was told); the connection is ended, "
                        + "with " + length + " bytes that came with it");
        state = State.LOST;
    }

    /** What is held back is not taken: one of these numbers is wrong. */
    private void doubt() {
        String why = "its length or that of the message before is wrong: no message begins behind it";
        for (SyslogFrame frame : held) {
            frames.add(
                    frame instanceof SyslogFrame.Message message
                            ? new SyslogFrame.Broken(message.bytes(), why)
                            : frame);
        }
        held.clear();
    }

    private int line(byte[] block, int from, int to) {
        int at = from;
        while (at < to && block[at] != '\n' && block[at] != 0) {
            at++;
        }
        keep(block, from, at);
        if (at == to) {
            return to;
        }
        complete(false);
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
            doubt();
            broken("byte " + (length - 1) + " (expected: the length of a message and a space, or <)");
            state = State.LOST;
        }
        return at + 1;
    }

    private int counted(byte[] block, int from, int to) {
        if (length == 0 && block[from] != '<' && block[from] != MARK) {
            lost(block, from, to);
            return to;
        }
        int end = (int) Math.min(to, from + count - length);
        keep(block, from, end);
        if (length == count) {
            complete(true);
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

    private void complete(boolean withNumber) {
        SyslogFrame frame =
                length > most ? new SyslogFrame.TooLong(kept(), length, most) : new SyslogFrame.Message(kept());
        counted = withNumber;
        if (!withNumber) {
            silence();
        } else if (held.size() == HELD) {
            frames.add(held.remove());
        }
        (withNumber ? held : frames).add(frame);
        startAnew();
    }

    private void broken(String why) {
        frames.add(new SyslogFrame.Broken(kept(), why));
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
