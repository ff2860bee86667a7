package io.tidegate.simulator.scenario;

import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.web.LogEntry;
import java.util.List;

/** One thing that a message says: the truth, of which the payload is the wire's form. */
public sealed interface Observation {

    /**
     * A reading; its time is the one that the device says.
     *
     * @param faults drifts and spikes that moved its value, and a dropout for each reading of the metric that was lost
     *     since the one before
     */
    record Measured(Reading reading, String unit, List<Fault> faults) implements Observation {
        /** Keeps its own copy. */
        public Measured {
            faults = List.copyOf(faults);
        }

        /** A reading without a fault. */
        public Measured(Reading reading, String unit) {
            this(reading, unit, List.of());
        }
    }

    /** A request to a web server. */
    record Requested(String host, LogEntry entry) implements Observation {}

    /** A device says whether it is there. */
    record Status(String device, boolean online) implements Observation {}

    /** Something that can't be decoded: a dead letter with these bytes. */
    record Unreadable(String topic, String raw) implements Observation {}
}
