package io.tidegate.simulator.fleet;

import java.time.Duration;
import java.util.List;

/** How a metric moves over time, before noise. */
public sealed interface Signal {

    /** Always the same value. */
    record Constant(double value) implements Signal {}

    /** Swings around {@code base}; each device has its own phase. */
    record Sine(double base, double amplitude, Duration period) implements Signal {}

    /** Starts at {@code base} and moves by a normally distributed {@code step} a reading, within min and max. */
    record RandomWalk(double base, double step, double min, double max) implements Signal {}

    /** {@code base} until {@code at} after the start, {@code to} from then on. */
    record Step(double base, double to, Duration at) implements Signal {}

    /** All of them together. */
    record Sum(List<Signal> of) implements Signal {
        /** Keeps its own copy. */
        public Sum {
            of = List.copyOf(of);
        }
    }

    /** Recorded values, one a reading, from the beginning again after the last. */
    record Replay(List<Double> values) implements Signal {
        /** Keeps its own copy. */
        public Replay {
            values = List.copyOf(values);
        }
    }
}
