package io.tidegate.mqtt;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Whom to connect to, as whom, and how. Checked when it is made; does not show the password.
 *
 * @param broker {@code tcp://host:port} or {@code ssl://host:port}
 * @param cleanStart whether the broker forgets an older session of this client id first
 * @param sessionExpiry how long the broker keeps the session, and queues for it, after the connection ended
 * @param receiveMaximum the most QoS 1 deliveries that the broker may send without acknowledgement, 1 to 65535
 * @param connectTimeout how long to wait for the broker's answer to CONNECT
 * @param maxPacketBytes the largest packet that the broker may send
 * @param receiveMaximumBytes a socket of which so many bytes of QoS 1 deliveries are not acknowledged is not read on; at
 *     least 1
 * @param maxInflight the most QoS 1 publishes under way, 1 to 65535; a broker may allow less
 */
public record MqttEndpoint(
        URI broker,
        String clientId,
        Optional<String> user,
        Optional<String> password,
        boolean cleanStart,
        Duration sessionExpiry,
        int receiveMaximum,
        Duration keepAlive,
        Duration connectTimeout,
        int maxPacketBytes,
        Optional<Will> will,
        long receiveMaximumBytes,
        int maxInflight) {

    private static final int MOST = 65_535;

    /** Checks the ranges that MQTT sets. */
    public MqttEndpoint {
        check(isAddress(broker), "broker", broker, "tcp://host:port or ssl://host:port");
        check(!clientId.isEmpty(), "client id", "\"\"", "not empty");
        check(receiveMaximum >= 1 && receiveMaximum <= MOST, "receive maximum", receiveMaximum, "1 to 65535");
        check(maxInflight >= 1 && maxInflight <= MOST, "max in flight", maxInflight, "1 to 65535");
        check(receiveMaximumBytes >= 1, "receive maximum in bytes", receiveMaximumBytes, "1 or more");
        check(keepAlive.toSeconds() >= 1 && keepAlive.toSeconds() <= MOST, "keep alive", keepAlive, "1 s to 65535 s");
        check(connectTimeout.toMillis() >= 1, "connect time-out", connectTimeout, "above zero");
        check(!sessionExpiry.isNegative(), "session expiry", sessionExpiry, "zero or above");
        check(maxPacketBytes >= 128, "max packet bytes", maxPacketBytes, "128 or more");
    }

    /** For deliveries that must not be lost: the broker keeps the session for a week; up to 512 unacknowledged, of 32 MiB. */
    public static MqttEndpoint ingest(URI broker, String clientId) {
        return of(broker, clientId, false, Duration.ofDays(7));
    }

    /** For publishing: the session ends with the connection. */
    public static MqttEndpoint results(URI broker, String clientId) {
        return of(broker, clientId, true, Duration.ZERO);
    }

    private static MqttEndpoint of(URI broker, String clientId, boolean cleanStart, Duration sessionExpiry) {
        return new MqttEndpoint(
                broker,
                clientId,
                Optional.empty(),
                Optional.empty(),
                cleanStart,
                sessionExpiry,
                512,
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                1 << 20,
                Optional.empty(),
                32L << 20,
                512);
    }

    /** The same with who we are. */
    public MqttEndpoint withCredentials(Optional<String> newUser, Optional<String> newPassword) {
        return new MqttEndpoint(
                broker,
                clientId,
                newUser,
                newPassword,
                cleanStart,
                sessionExpiry,
                receiveMaximum,
                keepAlive,
                connectTimeout,
                maxPacketBytes,
                will,
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another client id. */
    public MqttEndpoint withClientId(String newClientId) {
        return new MqttEndpoint(
                broker,
                newClientId,
                user,
                password,
                cleanStart,
                sessionExpiry,
                receiveMaximum,
                keepAlive,
                connectTimeout,
                maxPacketBytes,
                will,
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another session expiry. */
    public MqttEndpoint withSessionExpiry(Duration newSessionExpiry) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                cleanStart,
                newSessionExpiry,
                receiveMaximum,
                keepAlive,
                connectTimeout,
                maxPacketBytes,
                will,
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another start of the session. */
    public MqttEndpoint withCleanStart(boolean newCleanStart) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                newCleanStart,
                sessionExpiry,
                receiveMaximum,
                keepAlive,
                connectTimeout,
                maxPacketBytes,
                will,
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another bound for deliveries without acknowledgement. */
    public MqttEndpoint withReceiveMaximum(int newReceiveMaximum) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                cleanStart,
                sessionExpiry,
                newReceiveMaximum,
                keepAlive,
                connectTimeout,
                maxPacketBytes,
                will,
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another keep-alive, in whole seconds. */
    public MqttEndpoint withKeepAlive(Duration newKeepAlive) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                cleanStart,
                sessionExpiry,
                receiveMaximum,
                newKeepAlive,
                connectTimeout,
                maxPacketBytes,
                will,
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another time-out of the connect. */
    public MqttEndpoint withConnectTimeout(Duration newConnectTimeout) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                cleanStart,
                sessionExpiry,
                receiveMaximum,
                keepAlive,
                newConnectTimeout,
                maxPacketBytes,
                will,
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another bound for packets. */
    public MqttEndpoint withMaxPacketBytes(int newMaxPacketBytes) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                cleanStart,
                sessionExpiry,
                receiveMaximum,
                keepAlive,
                connectTimeout,
                newMaxPacketBytes,
                will,
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another bound for the bytes of deliveries that are not acknowledged. */
    public MqttEndpoint withReceiveMaximumBytes(long newReceiveMaximumBytes) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                cleanStart,
                sessionExpiry,
                receiveMaximum,
                keepAlive,
                connectTimeout,
                maxPacketBytes,
                will,
                newReceiveMaximumBytes,
                maxInflight);
    }

    /** The same with a last will. */
    public MqttEndpoint withWill(Will newWill) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                cleanStart,
                sessionExpiry,
                receiveMaximum,
                keepAlive,
                connectTimeout,
                maxPacketBytes,
                Optional.of(newWill),
                receiveMaximumBytes,
                maxInflight);
    }

    /** The same with another bound for publishes under way. */
    public MqttEndpoint withMaxInflight(int newMaxInflight) {
        return new MqttEndpoint(
                broker,
                clientId,
                user,
                password,
                cleanStart,
                sessionExpiry,
                receiveMaximum,
                keepAlive,
                connectTimeout,
                maxPacketBytes,
                will,
                receiveMaximumBytes,
                newMaxInflight);
    }

    /** {@code client-id at tcp://host:port}. */
    @Override
    public String toString() {
        return clientId + " at " + broker.getScheme() + "://" + broker.getHost() + ":" + broker.getPort();
    }

    private static boolean isAddress(URI broker) {
        boolean known = "tcp".equals(broker.getScheme()) || "ssl".equals(broker.getScheme());
        return known && broker.getHost() != null && broker.getPort() > 0;
    }

    private static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
