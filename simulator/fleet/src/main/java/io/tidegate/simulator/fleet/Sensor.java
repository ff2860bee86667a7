package io.tidegate.simulator.fleet;

import java.util.Random;

/** One metric of one device. Not thread-safe. */
public final class Sensor {
    private final Metric metric;
    private final Random random;
    private final SignalGenerator generator;

    /** What is left to chance is drawn from the device's own generator. */
    public Sensor(Metric metric, Random random) {
        this.metric = metric;
        this.random = random;
        this.generator = SignalGenerator.of(metric.signal(), random);
    }

    /** What it measures. */
    public Metric metric() {
        return metric;
    }

    /** The value at a time since the start, to two decimals: what a real sensor would bother to send. */
    public double read(long offsetMs) {
        return rounded(generator.at(offsetMs) + metric.noise() * random.nextGaussian());
    }

    /** To two decimals. */
    public static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
