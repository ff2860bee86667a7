package io.tidegate.simulator.scenario;

import io.tidegate.simulator.fleet.Metric;
import java.time.Duration;
import java.util.List;

/**
 * Devices of one kind.
 *
 * @param name of the devices, which are called {@code name-1}, {@code name-2} and so on
 * @param every time between two readings of all metrics of a device
 * @param faults what goes wrong with them
 */
public record DeviceGroup(String name, int count, Duration every, List<Metric> metrics, List<FaultRule> faults) {

    /** Keeps its own copies. */
    public DeviceGroup {
        metrics = List.copyOf(metrics);
        faults = List.copyOf(faults);
    }

    /** The name of a device, counted from 0. */
    public String device(int index) {
        return name + "-" + (index + 1);
    }
}
