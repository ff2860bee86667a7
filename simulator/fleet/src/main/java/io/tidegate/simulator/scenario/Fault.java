package io.tidegate.simulator.scenario;

import java.time.Duration;
import java.util.Optional;

/** What goes wrong with a device. A chance is of each reading, 0 to 1; times are virtual, since the start. */
public sealed interface Fault {

    /** By how much it moves a value that is measured at this time; most faults move none. */
    default double error(long offsetMs) {
        return 0;
    }

    /** The sensor goes astray: from then on its values rise by so much an hour. */
    record Drift(Optional<String> metric, double perHour, Duration from) implements Fault {
        @Override
        public double error(long offsetMs) {
            return Math.max(0, offsetMs - from.toMillis()) * perHour / 3_600_000;
        }
    }

    /** Single values are off by so much. */
    record Spike(Optional<String> metric, double chance, double by) implements Fault {
        @Override
        public double error(long offsetMs) {
            return by;
        }
    }

    /** A reading never leaves the device; its sequence number is used up. */
    record Dropout(double chance) implements Fault {}

    /** The device neither measures nor says why. */
    record Silence(Span span) implements Fault {}

    /** The same bytes are sent again up to so much later. */
    record Duplicate(double chance, Duration within) implements Fault {}

    /** A reading leaves up to so much later than it was measured. */
    record OutOfOrder(double chance, Duration within) implements Fault {}

    /** A reading leaves at least so much later, in rounds, and only when everything before has been worked off. */
    record Late(double chance, Duration by) implements Fault {}

    /** The device's clock is always off by so much. */
    record ClockSkew(Duration by) implements Fault {}

    /** The device's clock jumps, back as a rule. */
    record ClockStep(Duration at, Duration by) implements Fault {}

    /** A reading leaves in a form that can't be decoded. */
    record Malformed(double chance) implements Fault {}

    /** The device measures so many times as often. */
    record Burst(Span span, double factor) implements Fault {}

    /** The connection is gone; readings wait on the device and leave all at once when it is back. */
    record ReconnectStorm(Span span) implements Fault {}

    /** A time between two times since the start. */
    record Span(Duration at, Duration length) {
        boolean holds(long offsetMs) {
            return offsetMs >= at.toMillis() && offsetMs < endMs();
        }

        long endMs() {
            return at.plus(length).toMillis();
        }
    }
}
