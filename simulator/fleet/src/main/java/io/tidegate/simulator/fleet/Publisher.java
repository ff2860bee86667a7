package io.tidegate.simulator.fleet;

import io.tidegate.mqtt.MqttTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection that a part of the fleet sends through. */
public interface Publisher extends AutoCloseable {

    /** A connection of its own, which comes back as often as it must. */
    static Publisher mqtt(MqttTransport transport, MqttSettings mqtt, String clientId) {
        return MqttPublisher.open(transport, mqtt, clientId);
    }

    /** The connections of the settings, without last wills. */
    static List<Publisher> mqtt(MqttTransport transport, MqttSettings mqtt) {
        return MqttPublisher.open(transport, mqtt);
    }

    /** The connections of a fleet. The last will of each says {@code offline} for the first of its devices. */
    static List<Publisher> mqtt(MqttTransport transport, MqttSettings mqtt, FleetShape fleet) {
        return MqttPublisher.open(transport, mqtt, fleet);
    }

    /**
     * Sends with QoS 1; blocks while too much is in flight.
     *
     * @return completes when the broker acknowledged
     */
    CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) throws InterruptedException;

    /** Waits a bounded time for what is in flight, then leaves. Idempotent. */
    @Override
    void close();
}
