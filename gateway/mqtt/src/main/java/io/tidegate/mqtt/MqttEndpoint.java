package io.tidegate.mqtt;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Whom to connect to, as whom, and how. Checked when it is made; does not show the password.
 *
 * @param broker {@code tcp://host:port} or {@code ssl://host:port}
 */
public record MqttEndpoint(
        URI broker,
        String clientId,
        Credentials credentials,
        Session session,
        Timeouts timeouts,
        Limits limits,
        Optional<Will> will) {

    private static final int MOST = 65_535;

    /** Who we are. */
    public record Credentials(Optional<String> user, Optional<String> password) {
        @Override
        public String toString() {
            return user.orElse("");
        }
    }

    /**
     * What the broker remembers of us.
     *
     * @param cleanStart whether the broker forgets an older session of this client id first
     * @param expiry how long the broker keeps the session, and queues for it, after the connection ended
     */
    public record Session(boolean cleanStart, Duration expiry) {
        /** Checks the range that MQTT sets. */
        public Session {
            check(!expiry.isNegative(), "session expiry", expiry, "zero or above");
        }
    }

    /**
     * How long a silence may be.
     *
     * @param keepAlive in whole seconds
     * @param connect how long to wait for the broker's answer to CONNECT
     */
    public record Timeouts(Duration keepAlive, Duration connect) {
        /** Checks the ranges that MQTT sets. */
        public Timeouts {
            check(
                    keepAlive.toSeconds() >= 1 && keepAlive.toSeconds() <= MOST,
                    "keep alive",
                    keepAlive,
                    "1 s to 65535 s");
            check(connect.toMillis() >= 1, "connect time-out", connect, "above zero");
        }
    }

    /**
     * What may be under way.
     *
     * @param receiveMaximum the most QoS 1 deliveries that the broker may send without acknowledgement, 1 to 65535
     * @param receiveMaximumBytes a socket of which so many bytes of QoS 1 deliveries are not acknowledged is not read on;
     *     at least 1
     * @param maxPacketBytes the largest packet that the broker may send
     * @param maxInflight the most QoS 1 publishes under way, 1 to 65535; a broker may allow less
     * @param readInterval a socket that always has something is read this far apart, so that a read finds more; zero: as soon as
     *     something has come. Not over TLS
     */
    public record Limits(
            int receiveMaximum, long receiveMaximumBytes, int maxPacketBytes, int maxInflight, Duration readInterval) {

        /** 512 messages each way, 32 MiB of deliveries, packets of 1 MiB, read as soon as something has come. */
        public static final Limits USUAL = new Limits(512, 32L << 20, 1 << 20, 512, Duration.ZERO);

        /** Checks the ranges that MQTT sets. */
        public Limits {
            check(receiveMaximum >= 1 && receiveMaximum <= MOST, "receive maximum", receiveMaximum, "1 to 65535");
            check(maxInflight >= 1 && maxInflight <= MOST, "max in flight", maxInflight, "1 to 65535");
            check(receiveMaximumBytes >= 1, "receive maximum in bytes", receiveMaximumBytes, "1 or more");
            check(maxPacketBytes >= 128, "max packet bytes", maxPacketBytes, "128 or more");
            check(!readInterval.isNegative(), "read interval", readInterval, "zero or above");
        }
    }

    /** Checks the address and the client id. */
    public MqttEndpoint {
        check(isAddress(broker), "broker", broker, "tcp://host:port or ssl://host:port");
        check(!clientId.isEmpty(), "client id", "\"\"", "not empty");
    }

    /** For deliveries that must not be lost: the broker keeps the session for a week. */
    public static MqttEndpoint ingest(URI broker, String clientId) {
        return of(broker, clientId, new Session(false, Duration.ofDays(7)));
    }

    /** For publishing: the session ends with the connection. */
    public static MqttEndpoint results(URI broker, String clientId) {
        return of(broker, clientId, new Session(true, Duration.ZERO));
    }

    private static MqttEndpoint of(URI broker, String clientId, Session session) {
        return new MqttEndpoint(
                broker,
                clientId,
                new Credentials(Optional.empty(), Optional.empty()),
                session,
                new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(10)),
                Limits.USUAL,
                Optional.empty());
    }

    /** The same with who we are. */
    public MqttEndpoint withCredentials(Optional<String> user, Optional<String> password) {
        return new MqttEndpoint(broker, clientId, new Credentials(user, password), session, timeouts, limits, will);
    }

    /** The same with another session expiry. */
    public MqttEndpoint withSessionExpiry(Duration expiry) {
        return new MqttEndpoint(
                broker, clientId, credentials, new Session(session.cleanStart, expiry), timeouts, limits, will);
    }

    /** The same with another keep-alive, in whole seconds. */
    public MqttEndpoint withKeepAlive(Duration keepAlive) {
        return with(new Timeouts(keepAlive, timeouts.connect));
    }

    /** The same with another time-out of the connect. */
    public MqttEndpoint withConnectTimeout(Duration connect) {
        return with(new Timeouts(timeouts.keepAlive, connect));
    }

    /** The same with other limits. */
    public MqttEndpoint with(Limits other) {
        return new MqttEndpoint(broker, clientId, credentials, session, timeouts, other, will);
    }

    /** The same with another bound for deliveries without acknowledgement. */
    public MqttEndpoint withReceiveMaximum(int most) {
        return with(new Limits(
                most, limits.receiveMaximumBytes, limits.maxPacketBytes, limits.maxInflight, limits.readInterval));
    }

    /** The same with another bound for publishes under way. */
    public MqttEndpoint withMaxInflight(int most) {
        return with(new Limits(
                limits.receiveMaximum, limits.receiveMaximumBytes, limits.maxPacketBytes, most, limits.readInterval));
    }

    /** The same with a last will. */
    public MqttEndpoint withWill(Will lastWill) {
        return new MqttEndpoint(broker, clientId, credentials, session, timeouts, limits, Optional.of(lastWill));
    }

    private MqttEndpoint with(Timeouts other) {
        return new MqttEndpoint(broker, clientId, credentials, session, other, limits, will);
    }

    /** {@code client-id at tcp://host:port}. */
    @Override
    public String toString() {
        return clientId + " at " + broker.getScheme() + "://" + broker.getHost() + ":" + broker.getPort();
    }

    /** Whether it is {@code tcp://host:port} or {@code ssl://host:port}. */
    public static boolean isAddress(URI broker) {
        boolean known = "tcp".equals(broker.getScheme()) || "ssl".equals(broker.getScheme());
        return known && broker.getHost() != null && broker.getPort() > 0;
    }

    private static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
