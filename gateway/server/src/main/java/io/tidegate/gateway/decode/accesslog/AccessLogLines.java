package io.tidegate.gateway.decode.accesslog;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.EventTime;
import io.tidegate.gateway.decode.JsonArraySplitter;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.LineSplitter;
import io.tidegate.gateway.decode.LineSplitter.Place;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.Rejections;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of one access log: each good line is a request. Not thread-safe. */
public final class AccessLogLines implements LineDecoder, JsonArraySplitter.Each {

    private static final Logger logger = LoggerFactory.getLogger(AccessLogLines.class);
    private static final String DECODER = Kind.WEBLOG.label();

    private final AccessLog log;
    private final Optional<String> host;
    private final Limits limits;
    private long receivedMs;
    private final Rejections rejections;
    // Lines of files are looked at however many there are: a file comes in blocks.
    private long most = Long.MAX_VALUE;
    private List<Event> events = new ArrayList<>();

    /** @param host where the log is from, for lines that do not name their own virtual host */
    public AccessLogLines(AccessLog log, Optional<String> host, Limits limits) {
        this.log = log;
        this.host = host;
        this.limits = limits;
        this.rejections = new Rejections(limits);
    }

    /** Looks at no more lines or items than one body or message may have; the others are counted. */
    public AccessLogLines bounded() {
        most = limits.pieces().events();
        return this;
    }

    /** All lines of a text, the last one with its end or without. */
    public Decoded.Events whole(byte[] text, long receiptMs) {
        bounded().receivedAt(receiptMs);
        LineSplitter splitter = new LineSplitter(log.lineBytes(), new Place(0, 0));
        splitter.feed(text, 0, text.length, this);
        splitter.end(this);
        return take();
    }

    @Override
    public void receivedAt(long receiptMs) {
        receivedMs = receiptMs;
    }

    @Override
    public void line(byte[] bytes, int from, int to, Place place) {
        read(bytes, from, to, place.number(), place.toString());
    }

    @Override
    public void tooLong(byte[] head, long length, Place place) {
        MalformedInput why = new MalformedInput(
                Reason.LINE_TOO_LONG, place + ": " + length + " bytes (expected: at most " + log.lineBytes() + ")");
        rejections.add(new Decoded.Damaged(why.by(DECODER), place.number(), head, length));
    }

    @Override
    public Decoded.Events take() {
        Decoded.Events taken = new Decoded.Events(events, rejections.take());
        events = new ArrayList<>();
        return taken;
    }

    @Override
    public int lineBytes() {
        return log.lineBytes();
    }

    @Override
    public List<String> directives() {
        return log.directives();
    }

    @Override
    public void element(byte[] bytes, int from, int to, int number) {
        read(bytes, from, to, number, "item " + number);
    }

    @Override
    public void broken(byte[] bytes, int from, int number, MalformedInput why) {
        rejections.add(why.by(DECODER), number, bytes, from, bytes.length);
    }

    private void read(byte[] bytes, int from, int to, long number, String place) {
        if (events.size() + rejections.count() >= most) {
            rejections.skip(DECODER, number, bytes, from, to);
            return;
        }
        try {
            AccessLogEntry entry = log.read(bytes, from, to);
            if (entry != null) {
                limits.name("client", entry.request().getClient());
                events.add(event(entry));
            }
        } catch (MalformedInput e) {
            reject(e.reason(), place + ": " + e.detail(), number, bytes, from, to);
        } catch (RuntimeException e) {
            logger.error("decoder: {} failed, the line becomes a dead letter", DECODER, e);
            reject(Reason.DECODER_FAILED, place + ": " + e, number, bytes, from, to);
        }
    }

    private void reject(Reason reason, String detail, long number, byte[] bytes, int from, int to) {
        rejections.add(Decoded.Rejected.of(reason, DECODER, detail), number, bytes, from, to);
    }

    private Event event(AccessLogEntry entry) {
        EventTime time =
                entry.hasTime() ? EventTime.ofMicros(entry.timeUs(), receivedMs) : EventTime.received(receivedMs);
        Request request = entry.request();
        if (!request.hasHost() && host.isPresent()) {
            request = request.toBuilder().setHost(host.get()).build();
        }
        return Event.newBuilder()
                .setTimeUs(time.micros())
                .setTimeSource(time.source())
                .setReceivedMs(receivedMs)
                .setRequest(request)
                .build();
    }
}
