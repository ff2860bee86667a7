package io.tidegate.simulator.fleet;

import java.time.Duration;

/** How a metric moves over time, before noise. */
public sealed interface Signal {

    /** Always the same value. */
    record Constant(double value) implements Signal {}

    /** Swings around {@code base}; each device has its own phase. */
    record Sine(double base, double amplitude, Duration period) implements Signal {}

    /** Starts at {@code base} and moves by a normally distributed {@code step} a reading, within min and max. */
    record RandomWalk(double base, double step, double min, double max) implements Signal {}
}
