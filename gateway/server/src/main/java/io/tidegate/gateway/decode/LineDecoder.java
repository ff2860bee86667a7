package io.tidegate.gateway.decode;

import io.tidegate.gateway.decode.LineSplitter.Place;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of one file, or the lines or items of one body, as events: what is wrong with one of them is told with its place,
 * and those behind it go on. Never throws. Not thread-safe.
 */
public abstract class LineDecoder implements LineSplitter.Lines, JsonArraySplitter.Each {

    /** What lines can be. */
    public enum Kind {
        /** Lines of an access log, of any format. */
        WEBLOG(Reason.LINE_TOO_LONG),
        /** A reading that names its device, in JSON, a line. */
        READINGS(Reason.PAYLOAD_TOO_LARGE);

        private final Reason tooLong;

        Kind(Reason tooLong) {
            this.tooLong = tooLong;
        }

        /** The name in configuration and dead letters. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(LineDecoder.class);

    /** What a line or item may hold. */
    protected final Limits limits;

    private final Kind kind;
    private final String label;
    private final Rejections rejections;
    // Lines of files are looked at however many there are: a file comes in blocks.
    private long most = Long.MAX_VALUE;
    private long receivedMs;
    private List<Event> events = new ArrayList<>();

    /** Nothing has been read yet. */
    protected LineDecoder(Kind kind, Limits limits) {
        this.kind = kind;
        this.label = kind.label();
        this.limits = limits;
        this.rejections = new Rejections(limits);
    }

    /**
     * Reads a line or an item.
     *
     * @param into gets the events that it is, if any
     */
    protected abstract void decode(byte[] bytes, int from, int to, long receiptMs, List<Event> into)
            throws MalformedInput;

    /** The longest line, in bytes. */
    public abstract int lineBytes();

    /** The directives that a decoder needs first to go on behind the last line. */
    public List<String> directives() {
        return List.of();
    }

    /** The time of receipt of the lines from here on, in ms. */
    public final void receivedAt(long receiptMs) {
        receivedMs = receiptMs;
    }

    /** What came since the last time. */
    public final Decoded.Events take() {
        Decoded.Events taken = new Decoded.Events(events, rejections.take());
        events = new ArrayList<>();
        return taken;
    }

    /** All lines of a body or message, the last one with its end or without. */
    public final Decoded.Events lines(byte[] body, long receiptMs) {
        begin(receiptMs);
        LineSplitter splitter = new LineSplitter(lineBytes(), new Place(0, 0));
        splitter.feed(body, 0, body.length, this);
        splitter.end(this);
        return take();
    }

    /** All items of a body that is a JSON array. */
    public final Decoded.Events array(byte[] body, long receiptMs) {
        begin(receiptMs);
        JsonArraySplitter.ofArray(body, this);
        return take();
    }

    /** The one item that a body is. */
    public final Decoded.Events item(byte[] body, long receiptMs) {
        begin(receiptMs);
        element(body, 0, body.length, 1);
        return take();
    }

    /** Looks at no more lines, items and readings than one body may have; the others are counted. */
    private void begin(long receiptMs) {
        most = limits.pieces().events();
        receivedMs = receiptMs;
    }

    @Override
    public void line(byte[] bytes, int from, int to, Place place) {
        read(bytes, from, to, place.number(), place.toString());
    }

    @Override
    public final void tooLong(byte[] head, long length, Place place) {
        MalformedInput why = new MalformedInput(
                kind.tooLong, place + ": " + length + " bytes (expected: at most " + lineBytes() + ")");
        rejections.add(new Decoded.Damaged(why.by(label), place.number(), head, length));
    }

    @Override
    public final void element(byte[] bytes, int from, int to, int number) {
        read(bytes, from, to, number, "item " + number);
    }

    @Override
    public final void broken(byte[] bytes, int from, int number, MalformedInput why) {
        rejections.add(why.by(label), number, bytes, from, bytes.length);
    }

    private void read(byte[] bytes, int from, int to, long number, String place) {
        if (events.size() + rejections.count() >= most) {
            rejections.skip(label, number, bytes, from, to);
            return;
        }
        try {
            decode(bytes, from, to, receivedMs, events);
        } catch (MalformedInput e) {
            reject(e.reason(), place + ": " + e.detail(), number, bytes, from, to);
        } catch (RuntimeException e) {
            log.error("decoder: {} failed, the line becomes a dead letter", label, e);
            reject(Reason.DECODER_FAILED, place + ": " + e, number, bytes, from, to);
        }
    }

    private void reject(Reason reason, String detail, long number, byte[] bytes, int from, int to) {
        rejections.add(Decoded.Rejected.of(reason, label, detail), number, bytes, from, to);
    }
}
