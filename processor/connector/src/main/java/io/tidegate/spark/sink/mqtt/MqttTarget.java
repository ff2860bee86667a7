package io.tidegate.spark.sink.mqtt;

import java.io.Serializable;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A broker to publish to. Holds a password, so keep it out of checkpoints: hand it to tasks from the function of an
 * output operation, which runs on the driver, and never put it into a field of a stream's function.
 *
 * @param broker {@code tcp://host:port} or {@code ssl://host:port}
 * @param clientId the client id of this job; every JVM adds the id of its executor
 * @param user null: anonymous
 * @param password null: none
 * @param maxInFlight how many messages a JVM has under way at most, 1 to 65535
 */
public record MqttTarget(
        URI broker,
        String clientId,
        @Nullable String user,
        @Nullable String password,
        int maxInFlight) implements Serializable {

    public MqttTarget {
        if (maxInFlight < 1 || maxInFlight > 65_535) {
            throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: 1 to 65535)");
        }
    }

    /** An anonymous client with up to 1,000 messages under way. */
    public static MqttTarget of(URI broker, String clientId) {
        return new MqttTarget(broker, clientId, null, null, 1_000);
    }

    /** The same with credentials. */
    public MqttTarget withCredentials(Optional<String> user, Optional<String> password) {
        return new MqttTarget(broker, clientId, user.orElse(null), password.orElse(null), maxInFlight);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return clientId + " at " + broker;
    }
}
