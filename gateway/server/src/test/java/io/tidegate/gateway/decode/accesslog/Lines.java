package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.protocol.v1.Request;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Lines for tests, a character a byte. */
final class Lines {

    private Lines() {}

    static AccessLogSettings settings(RequestTime requestTime) {
        Map<JsonField, List<String>> names = new EnumMap<>(JsonField.class);
        for (JsonField field : JsonField.values()) {
            names.put(field, List.of());
        }
        names.put(JsonField.LINE, List.of("log", "message"));
        names.put(JsonField.CLIENT, List.of("remote_addr", "request.client_ip", "request.remote_ip", "ClientHost"));
        names.put(JsonField.HOST, List.of("host", "request.host", "RequestHost"));
        names.put(JsonField.USER, List.of("remote_user", "user_id", "ClientUsername"));
        names.put(JsonField.REQUEST, List.of("request"));
        names.put(JsonField.METHOD, List.of("request_method", "request.method", "RequestMethod"));
        names.put(JsonField.URI, List.of("request_uri", "request.uri", "RequestPath"));
        names.put(JsonField.QUERY, List.of("args"));
        names.put(JsonField.PROTOCOL, List.of("server_protocol", "request.proto", "RequestProtocol"));
        names.put(JsonField.STATUS, List.of("status", "DownstreamStatus"));
        names.put(JsonField.BYTES, List.of("body_bytes_sent", "size", "DownstreamContentSize"));
        names.put(JsonField.REFERER, List.of("http_referer", "request.headers.Referer", "request_Referer"));
        names.put(JsonField.AGENT, List.of("http_user_agent", "request.headers.User-Agent", "request_User-Agent"));
        names.put(JsonField.TIME, List.of("time_iso8601", "time_local", "msec", "ts", "StartUTC", "time"));
        names.put(JsonField.DURATION_SECONDS, List.of("request_time", "duration"));
        names.put(JsonField.DURATION_NANOSECONDS, List.of("Duration"));
        return new AccessLogSettings(64 * 1024, requestTime, names);
    }

    static AccessLog log() {
        return new AccessLog.Reader(settings(RequestTime.AUTO)).open(LinePrefix.NONE);
    }

    static AccessLogEntry entry(AccessLog log, String line) throws MalformedInput {
        byte[] bytes = ("<" + line + ">").getBytes(ISO_8859_1);
        AccessLogEntry entry = log.read(bytes, 1, bytes.length - 1);
        if (entry == null) {
            throw new AssertionError("no request: " + line);
        }
        return entry;
    }

    static AccessLogEntry entry(String line) throws MalformedInput {
        return entry(log(), line);
    }

    static Request request(String line) throws MalformedInput {
        return entry(line).request();
    }

    static MalformedInput damage(AccessLog log, String line) {
        MalformedInput damage = catchThrowableOfType(MalformedInput.class, () -> entry(log, line));
        if (damage == null) {
            throw new AssertionError("accepted: " + line);
        }
        return damage;
    }

    static MalformedInput damage(String line) {
        return damage(log(), line);
    }
}
