package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.Request;
import org.jspecify.annotations.Nullable;

/** What is known of a W3C line while it is read. Not thread-safe. */
final class W3cEntry {

    private static final int LONGEST_NUMBER = 15;

    private final Request.Builder request = Request.newBuilder();
    private byte @Nullable [] agent;
    private byte @Nullable [] query;
    private final DayClock clock;
    private long day = LogTime.NONE;
    private long timeUs = LogTime.NONE;
    // The column that should name a client and does not; -1: there is none.
    private int nobody = -1;

    /** @param clock tells the day of a line that has none */
    W3cEntry(DayClock clock) {
        this.clock = clock;
    }

    /** A column of the line; what is not known is not looked at. */
    void put(String field, byte[] value, int at) throws MalformedInput {
        if (value.length == 0 || (value.length == 1 && value[0] == '-')) {
            return;
        }
        switch (field) {
            case "date" -> date(value, at);
            case "time" -> time(value, at);
            case "c-ip" -> client(Authority.address(value), at);
            case "c-dns" -> client(Authority.client(value), at);
            case "cs-host", "cs(host)", "s-dns", "x-host-header" -> request.setHost(Authority.withoutPort(text(value)));
            case "cs-username" -> request.setUser(spaced(value));
            case "cs-method" -> request.setMethod(text(value));
            case "cs-uri", "cs-uri-stem" -> RequestLine.target(value, 0, value.length, request);
            case "cs-uri-query" -> query = value;
            case "cs-version", "cs-protocol-version" -> request.setProtocol(text(value));
            case "sc-status" -> request.setStatus((int) number(value, at, 999));
            case "sc-bytes" -> request.setBytes(number(value, at, Long.MAX_VALUE));
            case "cs(referer)" -> request.setReferer(spaced(value));
            case "cs(user-agent)" -> agent = plusAsSpace(value);
            case "time-taken" -> duration(value, at);
            default -> {}
        }
    }

    AccessLogEntry entry(UserAgents agents) throws MalformedInput {
        if (request.getClient().isEmpty()) {
            throw nobody < 0
                    ? new MalformedInput(Reason.NO_CLIENT, "no c-ip (expected: a client)")
                    : MalformedInput.at(nobody, "a client, an address or a host name");
        }
        if (query != null) {
            request.setQuery(LogText.of(query, 0, query.length));
        }
        if (agent != null) {
            agents.read(agent, 0, agent.length, request);
        }
        return new AccessLogEntry(time(), request.build());
    }

    private long time() {
        if (timeUs == LogTime.NONE) {
            return AccessLogEntry.NO_TIME;
        }
        long time = day == LogTime.NONE ? clock.at(timeUs) : day * 86_400_000_000L + timeUs;
        return time == LogTime.NONE ? AccessLogEntry.NO_TIME : time;
    }

    /** An address is better than a name. */
    private void client(@Nullable String client, int at) {
        if (client == null) {
            nobody = at;
        } else if (request.getClient().isEmpty()) {
            request.setClient(client);
        }
    }

    private void date(byte[] value, int at) throws MalformedInput {
        day = value.length == 10 ? LogTime.date(value, 0) : LogTime.NONE;
        if (day == LogTime.NONE) {
            throw invalidTime(at, "a date such as 2015-05-17");
        }
    }

    private void time(byte[] value, int at) throws MalformedInput {
        byte[] padded = value.length >= 8 ? value : new byte[8];
        long seconds = LogTime.timeOfDay(padded, 0);
        boolean fractional = value.length > 9 && value[8] == '.';
        long minuteUs = fractional ? RequestTime.SECONDS.micros(value, 6, value.length) : 0;
        if (seconds == LogTime.NONE || minuteUs < 0 || !(fractional || value.length == 8)) {
            throw invalidTime(at, "a time such as 10:05:03");
        }
        timeUs = seconds * 1_000_000 + minuteUs % 1_000_000;
    }

    /** IIS counts milliseconds; the draft, and CloudFront, seconds with a point. */
    private void duration(byte[] value, int at) throws MalformedInput {
        boolean seconds = new String(value, ISO_8859_1).indexOf('.') >= 0;
        long micros = (seconds ? RequestTime.SECONDS : RequestTime.MILLISECONDS).micros(value, 0, value.length);
        if (micros < 0) {
            throw MalformedInput.at(at, "a time that the request took");
        }
        request.setDurationUs(micros);
    }

    private static long number(byte[] value, int at, long most) throws MalformedInput {
        long number = 0;
        for (byte b : value) {
            if (b < '0' || b > '9' || value.length > LONGEST_NUMBER) {
                throw MalformedInput.at(at, "a whole number");
            }
            number = number * 10 + b - '0';
        }
        if (number > most) {
            throw MalformedInput.at(at, "a number up to " + most);
        }
        return number;
    }

    private static MalformedInput invalidTime(int at, String expected) {
        return new MalformedInput(Reason.INVALID_TIME, "byte " + at + " (expected: " + expected + ")");
    }

    private static String text(byte[] value) {
        return LogText.of(value, 0, value.length);
    }

    private static String spaced(byte[] value) {
        return text(plusAsSpace(value));
    }

    private static byte[] plusAsSpace(byte[] value) {
        byte[] spaced = value.clone();
        for (int i = 0; i < spaced.length; i++) {
            if (spaced[i] == '+') {
                spaced[i] = ' ';
            }
        }
        return spaced;
    }
}
