package io.tidegate.gateway.decode;

import io.tidegate.gateway.weblog.AccessLog;
import io.tidegate.gateway.weblog.DamagedLine;
import io.tidegate.gateway.weblog.LineSplitter;
import io.tidegate.gateway.weblog.LineSplitter.Place;
import io.tidegate.gateway.weblog.LogEntry;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of one access log: each good line is a request. Not thread-safe. */
final class LogLines implements LineDecoder, Elements.Each {

    private static final Logger logger = LoggerFactory.getLogger(LogLines.class);
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
    LogLines(AccessLog log, Optional<String> host, Limits limits) {
        this.log = log;
        this.host = host;
        this.limits = limits;
        this.rejections = new Rejections(limits);
    }

    /** Looks at no more lines or items than one body or message may have; the others are counted. */
    LogLines bounded() {
        most = limits.pieces().events();
        return this;
    }

    /** All lines of a text, the last one with its end or without. */
    Decoded.Events whole(byte[] text, long receiptMs) {
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
        Unreadable why = new Unreadable(
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
    public void broken(byte[] bytes, int from, int number, Unreadable why) {
        rejections.add(why.by(DECODER), number, bytes, from, bytes.length);
    }

    private void read(byte[] bytes, int from, int to, long number, String place) {
        if (events.size() + rejections.count() >= most) {
            rejections.skip(DECODER, number, bytes, from, to);
            return;
        }
        try {
            LogEntry entry = log.read(bytes, from, to);
            if (entry != null) {
                limits.name("client", entry.request().getClient());
                events.add(event(entry));
            }
        } catch (DamagedLine e) {
            reject(Reason.of(e.flaw()), place + ": " + e.detail(), number, bytes, from, to);
        } catch (Unreadable e) {
            reject(e.reason(), place + ": " + e.getMessage(), number, bytes, from, to);
        } catch (RuntimeException e) {
            logger.error("decoder: {} failed, the line becomes a dead letter", DECODER, e);
            reject(Reason.DECODER_FAILED, place + ": " + e, number, bytes, from, to);
        }
    }

    private void reject(Reason reason, String detail, long number, byte[] bytes, int from, int to) {
        rejections.add(Decoded.Rejected.of(reason, DECODER, detail), number, bytes, from, to);
    }

    private Event event(LogEntry entry) {
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
