package io.tidegate.simulator.fleet;

import java.time.Duration;
import java.util.List;

/**
 * What a fleet looks like and how it misbehaves. Together with a start it determines every byte that is sent.
 *
 * @param prefix device names are this and a number from 1
 * @param rate events a second over all devices
 * @param length how long it sends; zero: without end
 */
public record FleetShape(
        int devices,
        String prefix,
        double rate,
        Duration length,
        long seed,
        List<Metric> metrics,
        Share outOfOrder,
        Share duplicates,
        Pauses pauses) {

    /** Every rule here is also told by the settings, with file and line; this is for callers in code. */
    public FleetShape {
        if (devices < 1 || !(rate > 0) || metrics.isEmpty()) {
            throw new IllegalArgumentException("devices: " + devices + ", rate: " + rate + ", metrics: "
                    + metrics.size() + " (expected: at least one device, a rate above 0, at least one metric)");
        }
        metrics = List.copyOf(metrics);
    }

    /**
     * A part of the events that something happens to.
     *
     * @param fraction 0 to 1
     * @param delay the longest time by which such an event is sent later than it was due
     */
    public record Share(double fraction, Duration delay) {}

    /**
     * Devices that stop for a while and say nothing about it.
     *
     * @param fraction of the devices that do this, 0 to 1
     * @param every mean time between two pauses; each is drawn from half to one and a half of it
     * @param length mean length of a pause, drawn in the same way
     */
    public record Pauses(double fraction, Duration every, Duration length) {}
}
