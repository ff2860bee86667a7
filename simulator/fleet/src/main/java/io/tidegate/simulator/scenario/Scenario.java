package io.tidegate.simulator.scenario;

import io.tidegate.simulator.web.WebShape;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happens, in virtual time. It determines every byte that is sent.
 *
 * @param start event time at which it begins, in the past
 * @param duration how long devices measure and visitors read, virtual time
 * @param speed how many virtual seconds pass in a second, unless an option says otherwise
 */
public record Scenario(
        Instant start, Duration duration, long seed, double speed, List<DeviceGroup> devices, Optional<Web> web) {

    /** Keeps its own copy. */
    public Scenario {
        devices = List.copyOf(devices);
    }

    /** Visitors of a web server. */
    public record Web(String host, WebShape shape) {}
}
