package io.tidegate.simulator.scenario;

import io.tidegate.simulator.oracle.Reading;
import io.tidegate.simulator.web.Hit;

/** One thing that a message says: the truth, of which the payload is the wire's form. */
public sealed interface Said {

    /** A reading; its time is the one that the device says. */
    record Measured(Reading reading, String unit) implements Said {}

    /** A request to a web server. */
    record Requested(String host, Hit hit) implements Said {}

    /** A device says whether it is there. */
    record Status(String device, boolean online) implements Said {}

    /** Something that nobody can read: a dead letter with these bytes. */
    record Unreadable(String topic, String raw) implements Said {}
}
