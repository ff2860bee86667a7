package io.tidegate.simulator.fleet;

import java.util.List;
import java.util.Random;

/** A signal on its way through one device's readings. Not thread-safe. */
@FunctionalInterface
interface SignalGenerator {

    /** The value of the next reading, at a time since the start. */
    double at(long offsetMs);

    /** The generator of a signal; what is left to chance is drawn from the device's own generator. */
    static SignalGenerator of(Signal signal, Random random) {
        double phase = random.nextDouble() * 2 * Math.PI;
        if (signal instanceof Signal.Sine sine) {
            // StrictMath: the same bits on every machine
            return offsetMs -> sine.base()
                    + sine.amplitude()
                            * StrictMath.sin(
                                    2 * Math.PI * offsetMs / sine.period().toMillis() + phase);
        }
        if (signal instanceof Signal.RandomWalk walk) {
            return walk(walk, random);
        }
        if (signal instanceof Signal.Step step) {
            return offsetMs -> offsetMs < step.at().toMillis() ? step.base() : step.to();
        }
        if (signal instanceof Signal.Sum sum) {
            List<SignalGenerator> parts =
                    sum.of().stream().map(part -> of(part, random)).toList();
            return offsetMs ->
                    parts.stream().mapToDouble(part -> part.at(offsetMs)).sum();
        }
        if (signal instanceof Signal.Replay replay) {
            return replay(replay.values());
        }
        double value = ((Signal.Constant) signal).value();
        return offsetMs -> value;
    }

    private static SignalGenerator walk(Signal.RandomWalk walk, Random random) {
        return new SignalGenerator() {
            private double walked = walk.base();

            @Override
            public double at(long offsetMs) {
                walked = Math.min(walk.max(), Math.max(walk.min(), walked + walk.step() * random.nextGaussian()));
                return walked;
            }
        };
    }

    private static SignalGenerator replay(List<Double> values) {
        return new SignalGenerator() {
            private int next;

            @Override
            public double at(long offsetMs) {
                double value = values.get(next);
                next = (next + 1) % values.size();
                return value;
            }
        };
    }
}
