package io.tidegate.gateway.ingest.mqtt;

import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttEndpoint.Limits;
import io.tidegate.settings.Section;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What connections to MQTT brokers have in common: {@code tidegate.gateway.mqtt}, and any key of it again in a source.
 *
 * @param broker {@code tcp://host:port} or {@code ssl://host:port}
 * @param sessionExpiry how long the broker keeps our session, and what is queued in it, while we are away
 * @param limits what a broker may have under way to us
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
        Limits limits,
        int qos0Buffer,
        int maxBatch,
        Duration slowRetry) {

    /** Reads {@code tidegate.gateway.mqtt}. */
    public static MqttConnectionSettings from(Section common) {
        return from(common, common);
    }

    /** Reads a source's own keys over the common ones. */
    static MqttConnectionSettings from(Section own, Section common) {
        Section settings = own.over(common);
        if (settings.integer("qos", 0, 2) != 1) {
            settings.mistake("qos", "1: acknowledged only when it is on disk, which 0 never is and 2 cannot promise");
        }
        return new MqttConnectionSettings(
                broker(settings),
                text(own, common, "user"),
                text(own, common, "password"),
                settings.duration("keep-alive", Duration.ofSeconds(1), Duration.ofHours(18)),
                settings.duration("connect-timeout", Duration.ofSeconds(1), Duration.ofMinutes(5)),
                settings.duration("session-expiry", Duration.ofMinutes(1), Duration.ofDays(3650)),
                new Limits(
                        settings.integer("receive-maximum", 1, 65_535),
                        settings.bytes("receive-maximum-bytes", 1 << 20, 1L << 40),
                        (int) settings.bytes("max-packet", 1024, 64 << 20),
                        Limits.USUAL.maxInflight(),
                        settings.duration("read-interval", Duration.ZERO, Duration.ofSeconds(1))),
                settings.integer("qos0-buffer", 0, 1_000_000),
                settings.integer("max-batch", 1, 100_000),
                settings.duration("slow-retry", Duration.ofMinutes(1), Duration.ofDays(1)));
    }

    /** A session that outlives the connection, QoS 1, acknowledged by hand. */
    MqttEndpoint ingest(String clientId) {
        return MqttEndpoint.ingest(broker, clientId)
                .withCredentials(user, password)
                .withKeepAlive(keepAlive)
                .withConnectTimeout(connectTimeout)
                .withSessionExpiry(sessionExpiry)
                .with(limits);
    }

    /** A session that ends with the connection, for publishing. */
    public MqttEndpoint results(String clientId) {
        return MqttEndpoint.results(broker, clientId)
                .withCredentials(user, password)
                .withKeepAlive(keepAlive)
                .withConnectTimeout(connectTimeout);
    }

    /** An own text that is empty says nothing. */
    private static Optional<String> text(Section own, Section common, String key) {
        return own.optionalString(key)
                .filter(text -> !text.isEmpty())
                .or(() -> common.optionalString(key).filter(text -> !text.isEmpty()));
    }

    private static URI broker(Section section) {
        String given = section.string("broker");
        try {
            URI uri = URI.create(given);
            if (MqttEndpoint.isAddress(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below, like every other address that is none.
        }
        section.mistake("broker", "tcp://host:port or ssl://host:port");
        return URI.create("tcp://localhost:1883");
    }
}
