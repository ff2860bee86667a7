package io.tidegate.simulator.fleet;

import java.util.Random;

/** One metric of one device. Not thread-safe. */
public final class Instrument {
    private final Metric metric;
    private final Random random;
    private final Course course;

    /** What is left to chance is drawn from the device's own generator. */
    public Instrument(Metric metric, Random random) {
        this.metric = metric;
        this.random = random;
        this.course = Course.of(metric.signal(), random);
    }

    /** What it measures. */
    public Metric metric() {
        return metric;
    }

    /** The value at a time since the start, to two decimals: what a real sensor would bother to send. */
    public double read(long offsetMs) {
        return rounded(course.at(offsetMs) + metric.noise() * random.nextGaussian());
    }

    /** To two decimals. */
    public static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
