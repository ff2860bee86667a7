package io.tidegate.gateway.decode.readings;

import io.tidegate.gateway.decode.ByteOrderMark;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.JsonArraySplitter;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.LineSplitter.Place;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.Rejections;
import io.tidegate.gateway.decode.StrictUtf8;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Readings in JSON that name their device, one a line or one an element of an array; each is good or bad for itself. */
public final class ReadingLines implements LineDecoder, JsonArraySplitter.Each {

    private static final Logger log = LoggerFactory.getLogger(ReadingLines.class);
    private static final String DECODER = Kind.READINGS.label();

    private final JsonReadings json;
    private final Limits limits;
    private long receivedMs;
    private final Rejections rejections;
    // Lines of files are looked at however many there are: a file comes in blocks.
    private long most = Long.MAX_VALUE;
    private List<Event> events = new ArrayList<>();

    /** Begins a file or body. */
    public ReadingLines(JsonReadings json, Limits limits) {
        this.json = json;
        this.limits = limits;
        this.rejections = new Rejections(limits);
    }

    /** Looks at no more lines, items and readings than one body may have; the others are counted. */
    public ReadingLines bounded() {
        most = limits.pieces().events();
        return this;
    }

    @Override
    public void receivedAt(long receiptMs) {
        receivedMs = receiptMs;
    }

    @Override
    public void line(byte[] bytes, int from, int to, Place place) {
        int begin = ByteOrderMark.skip(bytes, from, to);
        if (!isBlank(bytes, begin, to)) {
            read(bytes, begin, to, place.number(), place.toString());
        }
    }

    @Override
    public void tooLong(byte[] head, long length, Place place) {
        MalformedInput why = new MalformedInput(
                Reason.PAYLOAD_TOO_LARGE,
                place + ": " + length + " bytes (expected: at most " + limits.payloadBytes() + ")");
        rejections.add(new Decoded.Damaged(why.by(DECODER), place.number(), head, length));
    }

    @Override
    public void element(byte[] bytes, int from, int to, int number) {
        read(bytes, from, to, number, "item " + number);
    }

    @Override
    public void broken(byte[] bytes, int from, int number, MalformedInput why) {
        rejections.add(why.by(DECODER), number, bytes, from, bytes.length);
    }

    @Override
    public Decoded.Events take() {
        Decoded.Events taken = new Decoded.Events(events, rejections.take());
        events = new ArrayList<>();
        return taken;
    }

    @Override
    public int lineBytes() {
        return limits.payloadBytes();
    }

    @Override
    public List<String> directives() {
        return List.of();
    }

    private void read(byte[] bytes, int from, int to, long number, String place) {
        if (events.size() + rejections.count() >= most) {
            rejections.skip(DECODER, number, bytes, from, to);
            return;
        }
        try {
            if (ByteOrderMark.isUtf16(bytes, from, to)) {
                throw new MalformedInput(Reason.INVALID_UTF8, StrictUtf8.UTF16);
            }
            events.addAll(json.ofDevice(Arrays.copyOfRange(bytes, from, to), receivedMs));
        } catch (MalformedInput e) {
            reject(e.reason(), place + ": " + e.getMessage(), number, bytes, from, to);
        } catch (RuntimeException e) {
            log.error("decoder: {} failed, the line becomes a dead letter", DECODER, e);
            reject(Reason.DECODER_FAILED, place + ": " + e, number, bytes, from, to);
        }
    }

    private void reject(Reason reason, String detail, long number, byte[] bytes, int from, int to) {
        rejections.add(Decoded.Rejected.of(reason, DECODER, detail), number, bytes, from, to);
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0 || bytes[i] > ' ') {
                return false;
            }
        }
        return true;
    }
}
