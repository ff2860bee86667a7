package io.tidegate.simulator.fleet;

import java.net.URI;
import java.util.Optional;

/**
 * How the simulator reaches the broker.
 *
 * @param connections the devices share so many
 * @param inFlight unacknowledged messages per connection
 */
public record MqttSettings(
        URI broker, Optional<String> user, Optional<String> password, int connections, int inFlight) {
    @Override
    public String toString() {
        return broker + " with " + connections + " connections";
    }
}
