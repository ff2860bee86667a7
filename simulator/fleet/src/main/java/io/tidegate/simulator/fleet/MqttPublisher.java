package io.tidegate.simulator.fleet;

import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectingPublisher;
import io.tidegate.mqtt.Will;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** One MQTT connection that several devices share; it comes back as often as it must. */
public final class MqttPublisher implements Publisher {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);

    private final ReconnectingPublisher publisher;

    private MqttPublisher(MqttEndpoint endpoint, MqttSettings mqtt) {
        ReconnectingPublisher.Settings behaviour = ReconnectingPublisher.Settings.withCapacity(mqtt.inFlight())
                .withRetry(Duration.ofMillis(500), Duration.ofSeconds(10))
                .withCloseTimeout(CLOSE_PATIENCE);
        publisher = ReconnectingPublisher.start(MqttTransport.paho(), endpoint, behaviour);
    }

    /**
     * The connections of a fleet. The last will of each says {@code offline} for the first of its devices: a connection has
     * one will only, so the others are missed by their silence.
     */
    public static List<Publisher> openAll(MqttSettings mqtt, FleetShape fleet) {
        return openAll(mqtt, "fleet", (endpoint, index) -> {
            String status = "sensors/" + Device.name(fleet, index) + "/status";
            Will will = new Will(status, "offline".getBytes(StandardCharsets.UTF_8), true, Duration.ZERO);
            return index < fleet.devices() ? endpoint.withWill(will) : endpoint;
        });
    }

    /** The connections of the settings, without last wills. */
    public static List<Publisher> openAll(MqttSettings mqtt) {
        return openAll(mqtt, "scenario", (endpoint, index) -> endpoint);
    }

    /** A connection for one sender, without a last will. */
    public static Publisher open(MqttSettings mqtt, String clientId) {
        return new MqttPublisher(endpoint(mqtt, clientId), mqtt);
    }

    private static List<Publisher> openAll(
            MqttSettings mqtt, String kind, BiFunction<MqttEndpoint, Integer, MqttEndpoint> change) {
        String clientId = "tidegate-" + kind + "-" + UUID.randomUUID() + "-";
        return IntStream.range(0, mqtt.connections())
                .<Publisher>mapToObj(index ->
                        new MqttPublisher(change.apply(endpoint(mqtt, clientId + index), index), mqtt))
                .toList();
    }

    private static MqttEndpoint endpoint(MqttSettings mqtt, String clientId) {
        return MqttEndpoint.results(mqtt.broker(), clientId)
                .withCredentials(mqtt.user(), mqtt.password())
                .withMaxInflight(mqtt.inFlight());
    }

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) {
        return publisher.publish(topic, payload, retained);
    }

    @Override
    public void close() {
        publisher.close();
    }
}
