package io.tidegate.simulator.fleet;

import java.util.Random;

/** One metric of one device. Not thread-safe. */
final class Instrument {
    private final Metric metric;
    private final Random random;
    private final double phase;
    private double walked;

    Instrument(Metric metric, Random random) {
        this.metric = metric;
        this.random = random;
        this.phase = random.nextDouble() * 2 * Math.PI;
        this.walked = metric.signal() instanceof Signal.RandomWalk walk ? walk.base() : 0;
    }

    Metric metric() {
        return metric;
    }

    /** The value at a time since the start, to two decimals: what a real sensor would bother to send. */
    double read(long offsetMs) {
        double value = signal(offsetMs) + metric.noise() * random.nextGaussian();
        return Math.round(value * 100) / 100.0;
    }

    private double signal(long offsetMs) {
        if (metric.signal() instanceof Signal.Sine sine) {
            // StrictMath: the same bits on every machine
            double angle = 2 * Math.PI * offsetMs / sine.period().toMillis() + phase;
            return sine.base() + sine.amplitude() * StrictMath.sin(angle);
        }
        if (metric.signal() instanceof Signal.RandomWalk walk) {
            walked = Math.min(walk.max(), Math.max(walk.min(), walked + walk.step() * random.nextGaussian()));
            return walked;
        }
        return ((Signal.Constant) metric.signal()).value();
    }
}
