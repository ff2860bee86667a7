package io.tidegate.gateway.ingest.mqtt;

import io.tidegate.gateway.decode.ByteOrderMark;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.EventTime;
import io.tidegate.gateway.decode.HostNames;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.StrictUtf8;
import io.tidegate.gateway.decode.accesslog.AccessLog;
import io.tidegate.gateway.decode.accesslog.AccessLogLines;
import io.tidegate.gateway.decode.readings.JsonReading;
import io.tidegate.gateway.decode.readings.JsonReadings;
import io.tidegate.gateway.decode.readings.ScalarPayload;
import io.tidegate.protocol.v1.Reading;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes the messages of all topics, within {@link Limits}. */
public final class TopicDecoder {

    private static final Logger log = LoggerFactory.getLogger(TopicDecoder.class);
    private static final String NONE = "none";

    private final List<Path> paths;
    private final Limits limits;
    private final JsonReadings json;
    private final AccessLog.Reader weblogs;

    /** @param routes in order; the first that fits a topic wins */
    public TopicDecoder(List<Route> routes, Limits limits, AccessLog.Reader weblogs) {
        this.weblogs = weblogs;
        this.paths = routes.stream().map(Path::of).toList();
        this.limits = limits;
        this.json = new JsonReadings(limits);
    }

    /**
     * What a message says. Never throws.
     *
     * @param retained whether the broker plays an old message again: as a reading it is not news, as a status it is
     * @param receivedMs the gateway's clock at receipt
     */
    public Decoded decode(String topic, byte[] payload, boolean retained, long receivedMs) {
        String decoder = NONE;
        try {
            Topic split = Topic.of(topic, limits);
            Match match = match(split);
            decoder = match.route().decoder().label();
            return decode(match, payload, retained, receivedMs);
        } catch (MalformedInput e) {
            return e.by(decoder);
        } catch (RuntimeException e) {
            log.error("decoder: {} failed, the message becomes a dead letter", decoder, e);
            return new MalformedInput(Reason.DECODER_FAILED, e.toString()).by(decoder);
        }
    }

    private Decoded decode(Match match, byte[] sent, boolean retained, long receivedMs) throws MalformedInput {
        if (retained && match.route().decoder() != Route.Decoder.STATUS) {
            return new Decoded.Retained();
        }
        if (sent.length > limits.payloadBytes()) {
            throw new MalformedInput(
                    Reason.PAYLOAD_TOO_LARGE,
                    "payload: " + sent.length + " bytes (expected: at most " + limits.payloadBytes() + ")");
        }
        if (ByteOrderMark.isUtf16(sent, 0, sent.length)) {
            boolean lines = match.route().decoder() == Route.Decoder.WEBLOG;
            throw new MalformedInput(lines ? Reason.INVALID_LINE : Reason.INVALID_UTF8, StrictUtf8.UTF16);
        }
        byte[] payload = StrictUtf8.unmarked(sent);
        if (payload.length == 0) {
            throw new MalformedInput(Reason.EMPTY_PAYLOAD, "payload: empty");
        }
        String device = match.names().get(0);
        return switch (match.route().decoder()) {
            case STATUS -> status(device, payload);
            case METRIC -> metric(device, match.names().get(1), payload, receivedMs);
            case READINGS -> Decoded.Events.of(json.ofMany(device, payload, receivedMs));
            case WEBLOG -> weblog(match, sent, receivedMs);
        };
    }

    private static Decoded status(String device, byte[] payload) throws MalformedInput {
        String status = StrictUtf8.of(payload).strip();
        return switch (status) {
            case "online" -> new Decoded.Status(device, true);
            case "offline" -> new Decoded.Status(device, false);
            default ->
                throw new MalformedInput(Reason.UNKNOWN_STATUS, "status: " + status + " (expected: online or offline)");
        };
    }

    private Decoded metric(String device, String metric, byte[] payload, long receivedMs) throws MalformedInput {
        if (looksLikeJson(payload)) {
            return Decoded.Events.of(json.ofMetric(device, metric, payload, receivedMs));
        }
        Reading.Builder reading = Reading.newBuilder().setDevice(device).setMetric(metric);
        ScalarPayload.read(StrictUtf8.of(payload), reading);
        return Decoded.Events.of(List.of(JsonReading.event(reading, EventTime.received(receivedMs), receivedMs)));
    }

    private Decoded weblog(Match match, byte[] payload, long receivedMs) throws MalformedInput {
        String host = match.names().get(0);
        Optional<String> flaw = HostNames.flaw(host);
        if (flaw.isPresent()) {
            throw new MalformedInput(Reason.INVALID_HOST, flaw.get());
        }
        AccessLogLines lines = new AccessLogLines(weblogs.open(match.route().strip()), Optional.of(host), limits);
        Decoded.Events events = lines.lines(payload, receivedMs);
        if (events.size() == 0) {
            throw new MalformedInput(Reason.EMPTY_PAYLOAD, "payload: no line says anything about a request");
        }
        return events;
    }

    private static boolean looksLikeJson(byte[] payload) {
        for (byte b : payload) {
            if (b == '{' || b == '[') {
                return true;
            }
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return false;
    }

    private Match match(Topic topic) throws MalformedInput {
        for (Path path : paths) {
            List<String> names = topic.match(path.levels());
            if (names != null) {
                for (String name : names) {
                    if (name.isEmpty()) {
                        throw new MalformedInput(Reason.TOPIC_SHAPE, "topic: an empty level (expected: a name)");
                    }
                    limits.name("topic level", name);
                }
                return new Match(path.route(), names);
            }
        }
        throw new MalformedInput(Reason.TOPIC_SHAPE, "topic: no route fits it");
    }

    /** A route with its filter split. */
    private record Path(List<String> levels, Route route) {
        static Path of(Route route) {
            return new Path(List.of(route.filter().split("/", -1)), route);
        }
    }

    /** The route of a topic and the names that stand in it. */
    private record Match(Route route, List<String> names) {}
}
