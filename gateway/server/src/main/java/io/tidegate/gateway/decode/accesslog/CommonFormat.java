package io.tidegate.gateway.decode.accesslog;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.Request;
import java.util.Arrays;

/**
 * The common and the combined log format, as Apache, nginx and many others write them:
 *
 * <pre>
 *   [vhost[:port] ]client ident user [17/May/2015:10:05:03 +0000] "GET /x HTTP/1.1" 200 123[ "referer" "agent"][ "forwarded"][ time]
 * </pre>
 *
 * <p>{@link LineHead} reads what stands before the time. {@code "forwarded"} is what nginx's own packages add
 * (X-Forwarded-For): a visitor may write anything into it, so it is not used, and whatever it holds the line counts.
 */
final class CommonFormat {

    private final UserAgents agents;
    private final RequestTime requestTime;

    CommonFormat(UserAgents agents, RequestTime requestTime) {
        this.agents = agents;
        this.requestTime = requestTime;
    }

    AccessLogEntry read(byte[] bytes, int from, int to) throws MalformedInput {
        if (bytes[from] == '"') {
            byte[] line = unwrapped(bytes, from, to);
            return read(new LineScanner(line, 0, line.length));
        }
        return read(new LineScanner(bytes, from, to));
    }

    private AccessLogEntry read(LineScanner line) throws MalformedInput {
        Request.Builder request = Request.newBuilder();
        LineHead.read(line, request);
        long timeUs = time(line);
        line.expect(' ', "a space behind the time");
        line.quoted("the request");
        request(line, request);
        line.expect(' ', "a space behind the request");
        status(line, request);
        line.expect(' ', "a space behind the status");
        bytes(line, request);
        rest(line, request);
        return new AccessLogEntry(timeUs, request.build());
    }

    private static long time(LineScanner line) throws MalformedInput {
        boolean fits = line.left() > LogTime.CLF_LENGTH;
        long timeUs = fits ? LogTime.clf(line.bytes(), line.at()) : LogTime.NONE;
        if (timeUs == LogTime.NONE) {
            throw new MalformedInput(
                    Reason.INVALID_TIME,
                    line.damage("a time such as 17/May/2015:10:05:03 +0000").detail());
        }
        line.moveTo(line.at() + LogTime.CLF_LENGTH);
        line.expect(']', "] behind the time");
        return timeUs;
    }

    private static void request(LineScanner line, Request.Builder request) {
        if (line.isEscaped()) {
            byte[] plain = Escapes.undo(line.bytes(), line.from(), line.to());
            RequestLine.read(plain, 0, plain.length, request);
        } else {
            RequestLine.read(line.bytes(), line.from(), line.to(), request);
        }
    }

    private static void status(LineScanner line, Request.Builder request) throws MalformedInput {
        int begin = line.at();
        line.token("a status");
        if (!line.isAbsent()) {
            int status = line.to() - line.from() == 3 ? (int) number(line) : -1;
            if (status < 0) {
                line.moveTo(begin);
                throw line.damage("a status of three digits, or -");
            }
            // 000: nginx never answered.
            if (status > 0) {
                request.setStatus(status);
            }
        }
    }

    private static void bytes(LineScanner line, Request.Builder request) throws MalformedInput {
        int begin = line.at();
        line.token("a size");
        if (!line.isAbsent()) {
            long size = line.to() - line.from() <= 18 ? number(line) : -1;
            if (size < 0) {
                line.moveTo(begin);
                throw line.damage("a size in bytes, or -");
            }
            request.setBytes(size);
        }
    }

    /** The number that was read; negative: it is none. */
    private static long number(LineScanner line) {
        long number = 0;
        for (int i = line.from(); i < line.to(); i++) {
            int digit = line.bytes()[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** What a combined line has more, and what may stand at the end of either. */
    private void rest(LineScanner line, Request.Builder request) throws MalformedInput {
        if (line.atEnd()) {
            return;
        }
        line.expect(' ', "a space, or the end");
        if (line.isNext('"')) {
            line.quoted("the referer");
            if (!line.isAbsent()) {
                request.setReferer(line.text());
            }
            line.expect(' ', "a space behind the referer");
            line.quoted("the agent");
            agent(line, request);
            if (line.atEnd()) {
                return;
            }
            line.expect(' ', "a space, or the end");
            if (line.isNext('"')) {
                line.quoted("the addresses that it was forwarded for");
                if (line.atEnd()) {
                    return;
                }
                line.expect(' ', "a space, or the end");
            }
        }
        duration(line, request);
    }

    private void agent(LineScanner line, Request.Builder request) {
        if (line.isAbsent()) {
            return;
        }
        if (line.isEscaped()) {
            byte[] plain = Escapes.undo(line.bytes(), line.from(), line.to());
            agents.read(plain, 0, plain.length, request);
        } else {
            agents.read(line.bytes(), line.from(), line.to(), request);
        }
    }

    private void duration(LineScanner line, Request.Builder request) throws MalformedInput {
        int begin = line.at();
        line.token("the time that the request took");
        if (!line.isAbsent()) {
            long micros = requestTime.micros(line.bytes(), line.from(), line.to());
            if (micros < 0) {
                line.moveTo(begin);
                throw line.damage("the time that the request took, a number");
            }
            request.setDurationUs(micros);
        }
        if (!line.atEnd()) {
            throw line.damage("the end of the line");
        }
    }

    /** A line that somebody has put into quotes: as it was, with its quotes escaped, or with them doubled. */
    private static byte[] unwrapped(byte[] bytes, int from, int to) throws MalformedInput {
        if (to - from < 2 || bytes[to - 1] != '"') {
            throw MalformedInput.at(0, "a client, or a line that ends with a quote as it begins");
        }
        byte[] inner = Arrays.copyOfRange(bytes, from + 1, to - 1);
        int request = 0;
        while (request + 3 < inner.length && !(inner[request] == ']' && inner[request + 1] == ' ')) {
            request++;
        }
        int quote = request + 2;
        boolean twoFollow = quote + 1 < inner.length;
        if (twoFollow && inner[quote] == '\\' && inner[quote + 1] == '"') {
            return without(inner, (byte) '\\');
        }
        boolean doubled = twoFollow && inner[quote] == '"' && inner[quote + 1] == '"';
        boolean emptyRequest = doubled && quote + 2 < inner.length && inner[quote + 2] == ' ';
        return doubled && !emptyRequest ? without(inner, (byte) '"') : inner;
    }

    /** Takes the sign away that stands before each quote (and before itself). */
    private static byte[] without(byte[] bytes, byte sign) {
        byte[] plain = new byte[bytes.length];
        int size = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean before = bytes[i] == sign && i + 1 < bytes.length && (bytes[i + 1] == '"' || bytes[i + 1] == sign);
            plain[size++] = before ? bytes[++i] : bytes[i];
        }
        return Arrays.copyOf(plain, size);
    }
}
