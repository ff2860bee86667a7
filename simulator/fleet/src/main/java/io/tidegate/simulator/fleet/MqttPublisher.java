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
import java.util.stream.IntStream;

/**
 * One MQTT connection that several devices share. Its last will says {@code offline} for the first of them: a connection
 * has one will only, so the others are missed by their silence.
 */
final class MqttPublisher implements Publisher {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);

    private final ReconnectingPublisher publisher;

    private MqttPublisher(ReconnectingPublisher publisher) {
        this.publisher = publisher;
    }

    /** One for each connection of the settings. Each connects on its own, as often as it must. */
    static List<Publisher> open(MqttTransport transport, MqttSettings mqtt, FleetShape fleet) {
        String run = UUID.randomUUID().toString();
        return IntStream.range(0, mqtt.connections())
                .mapToObj(index -> open(transport, mqtt, fleet, "tidegate-fleet-" + run + "-" + index, index))
                .toList();
    }

    /** One for each connection of the settings, without last wills. */
    static List<Publisher> open(MqttTransport transport, MqttSettings mqtt) {
        String run = UUID.randomUUID().toString();
        return IntStream.range(0, mqtt.connections())
                .mapToObj(index -> open(transport, mqtt, "tidegate-scenario-" + run + "-" + index))
                .toList();
    }

    /** One that nobody shares, without a last will. */
    static Publisher open(MqttTransport transport, MqttSettings mqtt, String clientId) {
        return start(transport, endpoint(mqtt, clientId), mqtt.inFlight());
    }

    private static Publisher open(
            MqttTransport transport, MqttSettings mqtt, FleetShape fleet, String clientId, int firstDevice) {
        String status = "sensors/" + Device.name(fleet, firstDevice) + "/status";
        MqttEndpoint endpoint = endpoint(mqtt, clientId);
        MqttEndpoint withLastWill = firstDevice < fleet.devices()
                ? endpoint.withWill(new Will(status, "offline".getBytes(StandardCharsets.UTF_8), true, Duration.ZERO))
                : endpoint;
        return start(transport, withLastWill, mqtt.inFlight());
    }

    private static MqttEndpoint endpoint(MqttSettings mqtt, String clientId) {
        return MqttEndpoint.results(mqtt.broker(), clientId)
                .withCredentials(mqtt.user(), mqtt.password())
                .withMaxInflight(mqtt.inFlight());
    }

    private static Publisher start(MqttTransport transport, MqttEndpoint endpoint, int capacity) {
        ReconnectingPublisher.Settings behaviour = ReconnectingPublisher.Settings.withCapacity(capacity)
                .withRetry(Duration.ofMillis(500), Duration.ofSeconds(10))
                .withCloseTimeout(CLOSE_PATIENCE);
        return new MqttPublisher(ReconnectingPublisher.start(transport, endpoint, behaviour));
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
