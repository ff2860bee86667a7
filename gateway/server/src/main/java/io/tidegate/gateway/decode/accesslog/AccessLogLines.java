package io.tidegate.gateway.decode.accesslog;

import io.tidegate.gateway.decode.EventTime;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Request;
import java.util.List;
import java.util.Optional;

/** The lines of one access log: each good line is a request. Not thread-safe. */
public final class AccessLogLines extends LineDecoder {

    private final AccessLog log;
    private final Optional<String> host;

    /** @param host where the log is from, for lines that do not name their own virtual host */
    public AccessLogLines(AccessLog log, Optional<String> host, Limits limits) {
        super(Kind.WEBLOG, limits);
        this.log = log;
        this.host = host;
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
    protected void decode(byte[] bytes, int from, int to, long receiptMs, List<Event> into) throws MalformedInput {
        AccessLogEntry entry = log.read(bytes, from, to);
        if (entry != null) {
            limits.name("client", entry.request().getClient());
            into.add(event(entry, receiptMs));
        }
    }

    private Event event(AccessLogEntry entry, long receiptMs) {
        EventTime time =
                entry.hasTime() ? EventTime.ofMicros(entry.timeUs(), receiptMs) : EventTime.received(receiptMs);
        Request request = entry.request();
        if (!request.hasHost() && host.isPresent()) {
            request = request.toBuilder().setHost(host.get()).build();
        }
        return Event.newBuilder()
                .setTimeUs(time.micros())
                .setTimeSource(time.source())
                .setReceivedMs(receiptMs)
                .setRequest(request)
                .build();
    }
}
