package io.tidegate.simulator.scenario;

import java.util.List;

/** What a scenario does next, at a virtual time in milliseconds since its start. */
public sealed interface Step {
    /** When it is due. */
    long offsetMs();

    /**
     * A message leaves.
     *
     * @param sender who keeps the order of what it sends: the device, or the web server
     * @param payload sent as UTF-8
     * @param content what it says, in the order in which it says it
     */
    record Publish(
            long offsetMs, String sender, String topic, String payload, boolean retained, List<Observation> content)
            implements Step {
        /** Keeps its own copy. */
        public Publish {
            content = List.copyOf(content);
        }
    }

    /** Goes on only when everything that was sent before has been worked off: what comes next is late for sure. */
    record Barrier(long offsetMs) implements Step {}

    /** All connections are lost at once and come back at once. */
    record Reconnect(long offsetMs) implements Step {}
}
