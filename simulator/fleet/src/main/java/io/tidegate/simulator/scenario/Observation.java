package io.tidegate.simulator.scenario;

import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.web.LogEntry;

/** One thing that a message says: the truth, of which the payload is the wire's form. */
public sealed interface Observation {

    /** A reading; its time is the one that the device says. */
    record Measured(Reading reading, String unit) implements Observation {}

    /** A request to a web server. */
    record Requested(String host, LogEntry entry) implements Observation {}

    /** A device says whether it is there. */
    record Status(String device, boolean online) implements Observation {}

    /** Something that can't be decoded: a dead letter with these bytes. */
    record Unreadable(String topic, String raw) implements Observation {}
}
