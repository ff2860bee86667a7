package io.tidegate.gateway.ingest.mqtt;

import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.settings.Section;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What connections to MQTT brokers have in common: {@code tidegate.gateway.mqtt}, and any key of it again in a source.
 *
 * @param broker {@code tcp://host:port} or {@code ssl://host:port}
 * @param sessionExpiry how long the broker keeps our session, and what is queued in it, while we are away
 * @param receiveMaximum the most messages of QoS 1 that a broker may have under way to us without acknowledgement
 * @param receiveMaximumBytes a broker is not read on while so many bytes of messages of QoS 1 are not acknowledged
 * @param maxPacketBytes the largest packet that a broker may send us
 * @param qos0Buffer the most messages of QoS 0 in flight
 * @param maxBatch about so many events travel to the log together at most
 * @param slowRetry how long a broker that refused us is left in peace
 */
public record MqttConnectionSettings(
        URI broker,
        Optional<String> user,
        Optional<String> password,
        Duration keepAlive,
        Duration connectTimeout,
        Duration sessionExpiry,
        int receiveMaximum,
        long receiveMaximumBytes,
        int maxPacketBytes,
        int qos0Buffer,
        int maxBatch,
        Duration slowRetry) {

    /** Reads all keys of the section. */
    public static MqttConnectionSettings from(Section section) {
        refuseOtherQos(section);
        return new MqttConnectionSettings(
                broker(section),
                text(section, "user"),
                text(section, "password"),
                keepAlive(section),
                connectTimeout(section),
                sessionExpiry(section),
                receiveMaximum(section),
                receiveMaximumBytes(section),
                maxPacketBytes(section),
                qos0Buffer(section),
                maxBatch(section),
                slowRetry(section));
    }

    /** The same with what a source says for itself. */
    MqttConnectionSettings overriddenBy(Section source) {
        if (source.has("qos")) {
            refuseOtherQos(source);
        }
        return new MqttConnectionSettings(
                either(source, "broker", MqttConnectionSettings::broker, broker),
                text(source, "user").or(() -> user),
                text(source, "password").or(() -> password),
                either(source, "keep-alive", MqttConnectionSettings::keepAlive, keepAlive),
                either(source, "connect-timeout", MqttConnectionSettings::connectTimeout, connectTimeout),
                either(source, "session-expiry", MqttConnectionSettings::sessionExpiry, sessionExpiry),
                either(source, "receive-maximum", MqttConnectionSettings::receiveMaximum, receiveMaximum),
                either(
                        source,
                        "receive-maximum-bytes",
                        MqttConnectionSettings::receiveMaximumBytes,
                        receiveMaximumBytes),
                either(source, "max-packet", MqttConnectionSettings::maxPacketBytes, maxPacketBytes),
                either(source, "qos0-buffer", MqttConnectionSettings::qos0Buffer, qos0Buffer),
                either(source, "max-batch", MqttConnectionSettings::maxBatch, maxBatch),
                either(source, "slow-retry", MqttConnectionSettings::slowRetry, slowRetry));
    }

    /** A session that outlives the connection, QoS 1, acknowledged by hand. */
    MqttEndpoint ingest(String clientId) {
        return MqttEndpoint.ingest(broker, clientId)
                .withCredentials(user, password)
                .withKeepAlive(keepAlive)
                .withConnectTimeout(connectTimeout)
                .withSessionExpiry(sessionExpiry)
                .withReceiveMaximum(receiveMaximum)
                .withReceiveMaximumBytes(receiveMaximumBytes)
                .withMaxPacketBytes(maxPacketBytes);
    }

    /** A session that ends with the connection, for publishing. */
    public MqttEndpoint results(String clientId) {
        return MqttEndpoint.results(broker, clientId)
                .withCredentials(user, password)
                .withKeepAlive(keepAlive)
                .withConnectTimeout(connectTimeout);
    }

    private static <T> T either(Section section, String key, Function<Section, T> read, T common) {
        return section.has(key) ? read.apply(section) : common;
    }

    private static Optional<String> text(Section section, String key) {
        return section.optionalString(key).filter(text -> !text.isEmpty());
    }

    private static void refuseOtherQos(Section section) {
        if (section.integer("qos", 0, 2) != 1) {
            section.mistake("qos", "1: acknowledged only when it is on disk, which 0 never is and 2 cannot promise");
        }
    }

    private static URI broker(Section section) {
        String given = section.string("broker");
        try {
            URI uri = URI.create(given);
            boolean known = "tcp".equals(uri.getScheme()) || "ssl".equals(uri.getScheme());
            if (known && uri.getHost() != null && uri.getPort() > 0) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below, like every other address that is none.
        }
        section.mistake("broker", "tcp://host:port or ssl://host:port");
        return URI.create("tcp://localhost:1883");
    }

    private static Duration keepAlive(Section section) {
        return section.duration("keep-alive", Duration.ofSeconds(1), Duration.ofHours(18));
    }

    private static Duration connectTimeout(Section section) {
        return section.duration("connect-timeout", Duration.ofSeconds(1), Duration.ofMinutes(5));
    }

    private static Duration sessionExpiry(Section section) {
        return section.duration("session-expiry", Duration.ofMinutes(1), Duration.ofDays(3650));
    }

    private static int receiveMaximum(Section section) {
        return section.integer("receive-maximum", 1, 65_535);
    }

    private static long receiveMaximumBytes(Section section) {
        return section.bytes("receive-maximum-bytes", 1 << 20, 1L << 40);
    }

    private static int maxPacketBytes(Section section) {
        return (int) section.bytes("max-packet", 1024, 64 << 20);
    }

    private static int qos0Buffer(Section section) {
        return section.integer("qos0-buffer", 0, 1_000_000);
    }

    private static int maxBatch(Section section) {
        return section.integer("max-batch", 1, 100_000);
    }

    private static Duration slowRetry(Section section) {
        return section.duration("slow-retry", Duration.ofMinutes(1), Duration.ofDays(1));
    }
}
