package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.Request;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is known of a JSON line while it is read. Not thread-safe. */
final class JsonEntry {

    private static final int MICROS_DIGITS = 6;
    /** More is no time in seconds; it keeps a product with a million inside a long. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000L);

    private static final int SMALLEST_SCALE = 30;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Value(int rank, byte[] utf8) {}

    private final Map<JsonField, Value> values = new EnumMap<>(JsonField.class);
    // What stands under the name of a client and is none.
    private byte @Nullable [] nobody;

    /** Keeps a value unless a better named one is there, or it should name a client and does not. */
    void put(JsonField field, int rank, byte[] utf8) {
        String client = field == JsonField.CLIENT ? Authority.client(utf8) : "";
        if (client == null) {
            nobody = nobody == null ? utf8 : nobody;
            return;
        }
        Value known = values.get(field);
        if (known == null || rank < known.rank()) {
            values.put(field, new Value(rank, client.isEmpty() ? utf8 : client.getBytes(UTF_8)));
        }
    }

    /** The line that is wrapped in this one, without its end; null: this is a line itself. */
    byte @Nullable [] wrapped() {
        byte[] line = raw(JsonField.LINE);
        if (line == null || raw(JsonField.CLIENT) != null || nobody != null) {
            return null;
        }
        int length = line.length;
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
            length--;
        }
        return Arrays.copyOf(line, length);
    }

    AccessLogEntry entry(UserAgents agents) throws MalformedInput {
        byte[] client = raw(JsonField.CLIENT);
        if (client == null) {
            String given = nobody == null
                    ? "no key names a client (expected: one of weblogs.json.client)"
                    : "client: " + LogText.of(nobody, 0, nobody.length) + " (expected: an address or a host name)";
            throw new MalformedInput(Reason.NO_CLIENT, given);
        }
        Request.Builder request = Request.newBuilder().setClient(LogText.of(client, 0, client.length));
        texts(request, agents);
        request(request);
        numbers(request);
        if (!request.hasStatus() && raw(JsonField.REQUEST) == null && !request.hasMethod()) {
            throw new MalformedInput(Reason.INVALID_LINE, "neither a request nor a status (expected: an access log)");
        }
        return new AccessLogEntry(time(), request.build());
    }

    byte @Nullable [] raw(JsonField field) {
        Value value = values.get(field);
        return value == null ? null : value.utf8();
    }

    @Nullable
    String text(JsonField field) {
        byte[] utf8 = raw(field);
        return utf8 == null ? null : LogText.of(utf8, 0, utf8.length);
    }

    private void texts(Request.Builder request, UserAgents agents) {
        ifThere(JsonField.HOST, host -> request.setHost(Authority.withoutPort(host)));
        ifThere(JsonField.USER, request::setUser);
        ifThere(JsonField.REFERER, request::setReferer);
        byte[] agent = raw(JsonField.AGENT);
        if (agent != null) {
            agents.read(agent, 0, agent.length, request);
        }
    }

    /** The request line, or its parts. */
    private void request(Request.Builder request) {
        byte[] line = raw(JsonField.REQUEST);
        if (line != null) {
            RequestLine.read(line, 0, line.length, request);
        }
        ifThere(JsonField.METHOD, request::setMethod);
        byte[] uri = raw(JsonField.URI);
        if (uri != null) {
            RequestLine.target(uri, 0, uri.length, request);
        }
        if (!request.hasQuery()) {
            ifThere(JsonField.QUERY, request::setQuery);
        }
        ifThere(JsonField.PROTOCOL, request::setProtocol);
    }

    private void ifThere(JsonField field, Consumer<String> set) {
        String text = text(field);
        if (text != null) {
            set.accept(text);
        }
    }

    private void numbers(Request.Builder request) throws MalformedInput {
        if (raw(JsonField.STATUS) != null) {
            long status = whole(JsonField.STATUS, 999);
            // 0: the server never answered.
            if (status > 0) {
                request.setStatus((int) status);
            }
        }
        if (raw(JsonField.BYTES) != null) {
            request.setBytes(whole(JsonField.BYTES, 1_000_000_000_000_000L));
        }
        duration(JsonField.DURATION_SECONDS, MICROS_DIGITS, request);
        duration(JsonField.DURATION_MILLISECONDS, 3, request);
        duration(JsonField.DURATION_MICROSECONDS, 0, request);
        duration(JsonField.DURATION_NANOSECONDS, -3, request);
    }

    private void duration(JsonField field, int digits, Request.Builder request) throws MalformedInput {
        if (raw(field) != null) {
            request.setDurationUs(micros(number(field), digits));
        }
    }

    private long time() throws MalformedInput {
        byte[] time = raw(JsonField.TIME);
        if (time == null) {
            return AccessLogEntry.NO_TIME;
        }
        long timeUs = time.length == LogTime.CLF_LENGTH ? LogTime.clf(time, 0) : LogTime.NONE;
        if (timeUs == LogTime.NONE) {
            timeUs = LogTime.iso(time, 0, time.length);
        }
        if (timeUs != LogTime.NONE) {
            return timeUs;
        }
        try {
            return micros(number(JsonField.TIME), MICROS_DIGITS);
        } catch (MalformedInput e) {
            throw new MalformedInput(
                    Reason.INVALID_TIME,
                    "time: " + text(JsonField.TIME)
                            + " (expected: ISO-8601 with an offset, 17/May/2015:10:05:03 +0000, or seconds)");
        }
    }

    private long whole(JsonField field, long most) throws MalformedInput {
        BigDecimal number = number(field);
        if (number.signum() < 0
                || number.compareTo(BigDecimal.valueOf(most)) > 0
                || number.stripTrailingZeros().scale() > 0) {
            throw unfit(field);
        }
        return number.longValueExact();
    }

    private BigDecimal number(JsonField field) throws MalformedInput {
        byte[] utf8 = raw(field);
        try {
            BigDecimal number = new BigDecimal(new String(utf8 == null ? new byte[0] : utf8, UTF_8));
            boolean fits = number.signum() >= 0 && Math.abs((long) number.scale()) <= SMALLEST_SCALE;
            if (fits && number.compareTo(MOST.movePointRight(3)) <= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw unfit(field);
    }

    private MalformedInput unfit(JsonField field) {
        return new MalformedInput(
                Reason.INVALID_LINE, field.label() + ": " + text(field) + " (expected: a number that fits)");
    }

    /** @param digits by how many the unit is greater than a microsecond */
    private static long micros(BigDecimal number, int digits) throws MalformedInput {
        if (digits > 3 && number.compareTo(MOST) > 0) {
            throw new MalformedInput(Reason.INVALID_LINE, number + " (expected: seconds)");
        }
        return number.movePointRight(digits).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    }
}
