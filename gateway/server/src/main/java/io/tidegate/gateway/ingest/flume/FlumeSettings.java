package io.tidegate.gateway.ingest.flume;

import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where Flume's agents push to, and what they may push.
 *
 * @param enabled whether we listen at all
 * @param host the address to bind
 * @param port 0: any free one
 * @param body what an event's body is
 * @param strip what stands in front of a line of a log
 * @param compression what agents do to the bytes; nothing about it is negotiated
 * @param pem certificate chain and private key that prove who we are; empty: no TLS
 * @param maxConnections so many agents at a time
 * @param maxRequestBytes the largest batch, unpacked
 * @param maxInFlightBytes what the batches of all agents may hold of memory, as the bytes and objects are reckoned
 * @param idleTimeout an agent that neither sends nor is answered for so long is hung up on
 * @param maxBatch about so many events travel to the log together at most
 * @param maxWait a batch that is not on disk after this long is FAILED
 */
public record FlumeSettings(
        boolean enabled,
        String host,
        int port,
        LineDecoder.Kind body,
        LinePrefix strip,
        Compression compression,
        Optional<Path> pem,
        int maxConnections,
        int maxRequestBytes,
        int maxInFlightBytes,
        Duration idleTimeout,
        int maxBatch,
        Duration maxWait) {

    /** The source's name in ledger, metrics and dead letters. */
    public static final String SOURCE = "flume";

    /** What {@code maxRequestBytes} may be at most. */
    static final int MOST_BYTES = 64 << 20;

    /** {@code compression-type} of an agent's sink. */
    public enum Compression {
        /** None. */
        NONE,
        /** ZLIB. */
        DEFLATE
    }

    /** Reads {@code tidegate.gateway.flume}. */
    public static FlumeSettings from(Section section) {
        LineDecoder.Kind body = section.choice("body", LineDecoder.Kind.class);
        LinePrefix strip = section.choice("strip", LinePrefix.class);
        if (strip.mayCut() || (strip != LinePrefix.NONE && body != LineDecoder.Kind.WEBLOG)) {
            section.mistake("strip", "none, or of body = weblog syslog or timestamp");
        }
        return new FlumeSettings(
                section.bool("enabled"),
                section.string("host"),
                section.integer("port", 0, 65_535),
                body,
                strip,
                section.choice("compression", Compression.class),
                section.child("tls")
                        .optionalString("pem")
                        .filter(file -> !file.isEmpty())
                        .map(Path::of),
                section.integer("max-connections", 1, 10_000),
                (int) section.bytes("max-request", 1024, MOST_BYTES),
                (int) section.bytes("max-in-flight", 1 << 20, 1 << 30),
                section.duration("idle-timeout", Duration.ofMillis(100), Duration.ofDays(7)),
                section.integer("max-batch", 1, 100_000),
                section.duration("max-wait", Duration.ofMillis(100), Duration.ofMinutes(5)));
    }
}
