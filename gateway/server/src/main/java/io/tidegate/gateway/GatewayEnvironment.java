package io.tidegate.gateway;

import io.tidegate.mqtt.MqttTransport;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What a gateway gets from its process, so that a test can bring its own. */
public record GatewayEnvironment(
        MqttTransport transport, Clock clock, RandomGenerator random, String version, StopWaits stopWaits) {

    /**
     * How long a stop waits at each step.
     *
     * @param drain for received events to get to disk
     * @param lastWords for actors that only have to end
     */
    public record StopWaits(Duration drain, Duration lastWords) {

        /** Fits into the half minute that a supervisor usually waits. */
        public static final StopWaits USUAL = new StopWaits(Duration.ofSeconds(10), Duration.ofSeconds(4));
    }
}
