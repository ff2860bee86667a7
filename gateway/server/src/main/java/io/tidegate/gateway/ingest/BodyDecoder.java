package io.tidegate.gateway.ingest;

import io.tidegate.gateway.decode.ByteOrderMark;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.HostNames;
import io.tidegate.gateway.decode.JsonArraySplitter;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.Rejections;
import io.tidegate.gateway.decode.StrictUtf8;
import io.tidegate.gateway.decode.accesslog.AccessLog;
import io.tidegate.gateway.decode.accesslog.AccessLogLines;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.decode.readings.JsonReadings;
import io.tidegate.gateway.decode.readings.ReadingLines;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is pushed to us by HTTP or by an agent: many log lines or readings in one body, each of which is good or bad for
 * itself. Thread-safe; never throws.
 */
public final class BodyDecoder {

    private static final Logger log = LoggerFactory.getLogger(BodyDecoder.class);
    private static final String LOGS = LineDecoder.Kind.WEBLOG.label();
    private static final String READINGS = LineDecoder.Kind.READINGS.label();

    private final AccessLog.Reader weblogs;
    private final Limits limits;
    private final JsonReadings json;

    /** Bodies within the limits of messages, except for their own length. */
    public BodyDecoder(AccessLog.Reader weblogs, Limits limits) {
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
    public Decoded.Events logs(byte[] body, Optional<String> host, LinePrefix strip, long receivedMs) {
        Optional<String> flaw = host.flatMap(HostNames::flaw);
        if (flaw.isPresent()) {
            return whole(body, new MalformedInput(Reason.INVALID_HOST, flaw.get()), LOGS);
        }
        return sound(body, LOGS, () -> {
            if (ByteOrderMark.isUtf16(body, 0, body.length)) {
                return whole(body, new MalformedInput(Reason.INVALID_LINE, StrictUtf8.UTF16), LOGS);
            }
            AccessLogLines lines = new AccessLogLines(weblogs.open(strip), host, limits);
            byte[] text = StrictUtf8.unmarked(body);
            return JsonArraySplitter.isArray(text) ? lines.array(text, receivedMs) : lines.lines(body, receivedMs);
        });
    }

    /** Readings that name their device: a JSON object, an array of such, or one a line (NDJSON). */
    public Decoded.Events readings(byte[] sent, long receivedMs) {
        return sound(sent, READINGS, () -> {
            if (ByteOrderMark.isUtf16(sent, 0, sent.length)) {
                return whole(sent, new MalformedInput(Reason.INVALID_UTF8, StrictUtf8.UTF16), READINGS);
            }
            byte[] body = StrictUtf8.unmarked(sent);
            ReadingLines readings = new ReadingLines(json, limits);
            if (JsonArraySplitter.isArray(body)) {
                return readings.array(body, receivedMs);
            }
            return JsonArraySplitter.isOneObject(body)
                    ? readings.item(body, receivedMs)
                    : readings.lines(body, receivedMs);
        });
    }

    /** What a body of this kind says; {@code host} and {@code strip} are for logs. */
    public Decoded.Events read(
            LineDecoder.Kind kind, byte[] body, Optional<String> host, LinePrefix strip, long receivedMs) {
        return switch (kind) {
            case WEBLOG -> logs(body, host, strip, receivedMs);
            case READINGS -> readings(body, receivedMs);
        };
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
        int items = JsonArraySplitter.isArray(StrictUtf8.unmarked(body)) ? separators(body) : lines(body);
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

    private static Decoded.Events whole(byte[] body, MalformedInput why, String decoder) {
        return new Decoded.Events(List.of(), List.of(new Decoded.Damaged(why.by(decoder), 1, body, body.length)));
    }

    private static Decoded.Events sound(byte[] body, String decoder, Supplier<Decoded.Events> reading) {
        try {
            return reading.get();
        } catch (RuntimeException e) {
            log.error("decoder: {} failed, the body becomes a dead letter", decoder, e);
            return whole(body, new MalformedInput(Reason.DECODER_FAILED, e.toString()), decoder);
        }
    }
}
