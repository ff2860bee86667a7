package io.tidegate.gateway.decode;

import io.tidegate.gateway.weblog.AccessLog;
import io.tidegate.gateway.weblog.ByteOrderMark;
import io.tidegate.gateway.weblog.LineSplitter;
import io.tidegate.gateway.weblog.LineSplitter.Place;
import io.tidegate.gateway.weblog.Strip;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is pushed to us by HTTP or by an agent: many log lines or readings in one body, each of which is good or bad for
 * itself. Thread-safe; never throws.
 */
public final class Bodies {

    private static final Logger log = LoggerFactory.getLogger(Bodies.class);
    private static final String LOGS = Route.Decoder.WEBLOG.label();
    private static final String READINGS = Route.Decoder.READINGS.label();

    private final AccessLog.Reader weblogs;
    private final Limits limits;
    private final JsonReadings json;

    /** Bodies within the limits of messages, except for their own length. */
    public Bodies(AccessLog.Reader weblogs, Limits limits) {
        this.weblogs = weblogs;
        this.limits = limits;
        this.json = new JsonReadings(limits);
    }

    /**
     * Lines of access logs of any format, newline separated, among them JSON objects (NDJSON); or a JSON array of objects
     * or of lines.
     *
     * @param host where they are from, for lines that do not name a virtual host
     * @param strip is taken off each line, and off each text of an array
     */
    public Decoded.Events logs(byte[] body, Optional<String> host, Strip strip, long receivedMs) {
        Optional<String> flaw = host.flatMap(HostNames::flaw);
        if (flaw.isPresent()) {
            return whole(body, new Unreadable(Reason.INVALID_HOST, flaw.get()), LOGS);
        }
        return sound(body, LOGS, () -> {
            if (ByteOrderMark.isUtf16(body, 0, body.length)) {
                return whole(body, new Unreadable(Reason.INVALID_LINE, Text.UTF16), LOGS);
            }
            LogLines lines = new LogLines(weblogs.open(strip), host, limits).bounded();
            byte[] text = Text.unmarked(body);
            if (!Elements.isArray(text)) {
                return lines.whole(body, receivedMs);
            }
            lines.receivedAt(receivedMs);
            Elements.ofArray(text, lines);
            return lines.take();
        });
    }

    /** Readings that name their device: a JSON object, an array of such, or one a line (NDJSON). */
    public Decoded.Events readings(byte[] sent, long receivedMs) {
        return sound(sent, READINGS, () -> {
            if (ByteOrderMark.isUtf16(sent, 0, sent.length)) {
                return whole(sent, new Unreadable(Reason.INVALID_UTF8, Text.UTF16), READINGS);
            }
            byte[] body = Text.unmarked(sent);
            ReadingLines readings = new ReadingLines(json, limits).bounded();
            readings.receivedAt(receivedMs);
            if (Elements.isArray(body)) {
                Elements.ofArray(body, readings);
            } else if (Elements.isOneObject(body)) {
                readings.element(body, 0, body.length, 1);
            } else {
                LineSplitter splitter = new LineSplitter(readings.lineBytes(), new Place(0, 0));
                splitter.feed(body, 0, body.length, readings);
                splitter.end(readings);
            }
            return readings.take();
        });
    }

    /** Gathers what could not be read of several bodies that came together. */
    public Rejections rejections() {
        return new Rejections(limits);
    }

    /** Why a body of so many lines is not read at all; empty: it is. Does not take it apart. */
    public Optional<String> refusal(byte[] body) {
        int most = limits.pieces().events();
        return lines(body) <= most
                ? Optional.empty()
                : Optional.of("the body has too many lines (expected: at most " + most + ", limits.body-events)");
    }

    /** How many lines a body has, blank ones among them. */
    public int lines(byte[] body) {
        int lines = body.length > 0 && body[body.length - 1] != '\n' ? 1 : 0;
        for (byte b : body) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }

    /** How many events and rejections become of {@link #logs} at most. Does not take the body apart. */
    public int mostOfLogs(byte[] body) {
        int items = Elements.isArray(Text.unmarked(body)) ? separators(body) : lines(body);
        return Math.min(items, limits.pieces().events());
    }

    /** How many events and rejections become of {@link #readings} at most. Does not take the body apart. */
    public int mostOfReadings(byte[] body) {
        return Math.min(separators(body), limits.pieces().events());
    }

    /** How many events and rejections become of any body at most. */
    public int most() {
        return limits.pieces().events();
    }

    /** A comma or a line end stands between any two values of JSON. */
    private static int separators(byte[] body) {
        int values = 1;
        for (byte b : body) {
            values += b == ',' || b == '\n' ? 1 : 0;
        }
        return values;
    }

    private static Decoded.Events whole(byte[] body, Unreadable why, String decoder) {
        return new Decoded.Events(List.of(), List.of(new Decoded.Damaged(why.by(decoder), 1, body, body.length)));
    }

    private interface Reading {
        Decoded.Events read();
    }

    private static Decoded.Events sound(byte[] body, String decoder, Reading reading) {
        try {
            return reading.read();
        } catch (RuntimeException e) {
            log.error("decoder: {} failed, the body becomes a dead letter", decoder, e);
            return whole(body, new Unreadable(Reason.DECODER_FAILED, e.toString()), decoder);
        }
    }
}
