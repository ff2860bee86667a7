package io.tidegate.gateway.ingest.syslog;

import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * A port to which syslog comes.
 *
 * @param name labels its metrics, its dead letters and its line in the ledger
 * @param port 0: any free one
 */
public record SyslogSettings(String name, int port, Rules rules) {

    /**
     * What all sources of this kind have in common.
     *
     * @param host the address to bind
     * @param udp whether datagrams are taken
     * @param tcp whether connections are
     * @param decoder what the content of a message is
     * @param strip what stands in front of a line of a log, in the content
     * @param maxMessage bytes of a message
     * @param maxConnections so many at a time
     * @param maxInFlight what connections may have under way to the log, in bytes
     * @param idleTimeout a connection on which nothing comes for so long is closed
     * @param receiveBuffer what the kernel is asked to hold of datagrams, in bytes
     * @param maxBatch about so many events travel to the log together at most
     */
    record Rules(
            String host,
            boolean udp,
            boolean tcp,
            LineDecoder.Kind decoder,
            LinePrefix strip,
            int maxMessage,
            int maxConnections,
            int maxInFlight,
            Duration idleTimeout,
            int receiveBuffer,
            int maxBatch) {

        private static Rules from(Section section) {
            boolean udp = section.bool("udp");
            boolean tcp = section.bool("tcp");
            if (!udp && !tcp) {
                section.mistake("tcp", "true, when udp is false");
            }
            LineDecoder.Kind decoder = section.choice("decoder", LineDecoder.Kind.class);
            LinePrefix strip = section.choice("strip", LinePrefix.class);
            if (strip.mayCut() || (strip != LinePrefix.NONE && decoder != LineDecoder.Kind.WEBLOG)) {
                section.mistake("strip", "none, or of decoder = weblog syslog or timestamp");
            }
            return new Rules(
                    section.string("host"),
                    udp,
                    tcp,
                    decoder,
                    strip,
                    (int) section.bytes("max-message", 480, 1 << 20),
                    section.integer("max-connections", 1, 1000),
                    (int) section.bytes("max-in-flight", 1 << 20, 1 << 30),
                    section.duration("idle-timeout", Duration.ofMillis(200), Duration.ofDays(7)),
                    (int) section.bytes("receive-buffer", 4096, 1 << 30),
                    section.integer("max-batch", 1, 100_000));
        }
    }

    /** Reads {@code tidegate.gateway.syslog}, for its mistakes. */
    public static void check(Section common) {
        Rules unused = Rules.from(common);
    }

    /**
     * Reads one of {@code tidegate.gateway.sources}.
     *
     * @param common {@code tidegate.gateway.syslog}, any key of which it may repeat
     */
    public static SyslogSettings from(String name, Section source, Section common) {
        return new SyslogSettings(name, source.integer("port", 0, 65_535), Rules.from(source.over(common)));
    }
}
