package io.tidegate.gateway.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.gateway.weblog.ByteOrderMark;
import io.tidegate.gateway.weblog.LineSplitter.Place;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Readings in JSON that name their device, one a line or one an element of an array; each is good or bad for itself. */
final class ReadingLines implements LineDecoder, Elements.Each {

    private static final Logger log = LoggerFactory.getLogger(ReadingLines.class);
    private static final String DECODER = Kind.READINGS.label();

    private final JsonReadings json;
    private final Limits limits;
    private long receivedMs;
    private List<Event> events = new ArrayList<>();
    private List<Decoded.Damaged> damaged = new ArrayList<>();

    ReadingLines(JsonReadings json, Limits limits) {
        this.json = json;
        this.limits = limits;
    }

    @Override
    public void receivedAt(long receiptMs) {
        receivedMs = receiptMs;
    }

    @Override
    public void line(byte[] bytes, int from, int to, Place place) {
        int begin = ByteOrderMark.skip(bytes, from, to);
        if (!new String(bytes, begin, to - begin, ISO_8859_1).isBlank()) {
            read(Arrays.copyOfRange(bytes, begin, to), place.number(), place.toString());
        }
    }

    @Override
    public void tooLong(byte[] head, long length, Place place) {
        Unreadable why = new Unreadable(
                Reason.PAYLOAD_TOO_LARGE,
                place + ": " + length + " bytes (expected: at most " + limits.payloadBytes() + ")");
        damaged.add(new Decoded.Damaged(why.by(DECODER), place.number(), head, length));
    }

    @Override
    public void element(byte[] bytes, int from, int to, int number) {
        read(Arrays.copyOfRange(bytes, from, to), number, "item " + number);
    }

    @Override
    public void broken(byte[] bytes, int from, int number, Unreadable why) {
        byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
        damaged.add(new Decoded.Damaged(why.by(DECODER), number, rest, rest.length));
    }

    @Override
    public Decoded.Events take() {
        Decoded.Events taken = new Decoded.Events(events, damaged);
        events = new ArrayList<>();
        damaged = new ArrayList<>();
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

    private void read(byte[] element, long number, String place) {
        try {
            if (ByteOrderMark.isUtf16(element, 0, element.length)) {
                throw new Unreadable(Reason.INVALID_UTF8, Text.UTF16);
            }
            events.addAll(json.ofDevice(element, receivedMs));
        } catch (Unreadable e) {
            damaged(new Unreadable(e.reason(), place + ": " + e.getMessage()), number, element);
        } catch (RuntimeException e) {
            log.error("decoder: {} failed, the line becomes a dead letter", DECODER, e);
            damaged(new Unreadable(Reason.DECODER_FAILED, place + ": " + e), number, element);
        }
    }

    private void damaged(Unreadable why, long number, byte[] raw) {
        damaged.add(new Decoded.Damaged(why.by(DECODER), number, raw, raw.length));
    }
}
