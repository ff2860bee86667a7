package io.tidegate.simulator.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A device of the plan: counts its readings, takes turns between its metrics and pauses. Not thread-safe. */
final class Device {
    private final int index;
    private final String name;
    private final List<Sensor> sensors;
    private final FleetShape.Pauses pauses;
    private final Random random;
    private long seq;
    private long pauseAtMs = Long.MAX_VALUE;
    private long wakeAtMs;
    private long greatestSentMs = Long.MIN_VALUE;

    Device(FleetShape shape, int index) {
        this.index = index;
        this.name = name(shape, index);
        this.pauses = shape.pauses();
        // java.util.Random: its algorithm is specified, so that a seed means the same on every JDK
        this.random = new Random(shape.seed() * 1_000_003L + index);
        this.sensors = shape.metrics().stream()
                .map(metric -> new Sensor(metric, random))
                .toList();
        if (isPausing(index, pauses.fraction())) {
            pauseAtMs = around(pauses.every());
        }
    }

    static String name(FleetShape shape, int index) {
        return shape.prefix() + (index + 1);
    }

    int index() {
        return index;
    }

    /** Whether it sends at this time; asked with times that never go back. */
    boolean isAwake(long offsetMs) {
        while (offsetMs >= pauseAtMs) {
            wakeAtMs = pauseAtMs + around(pauses.length());
            pauseAtMs = wakeAtMs + around(pauses.every());
        }
        return offsetMs >= wakeAtMs;
    }

    Reading read(long startMs, long offsetMs) {
        Sensor sensor = sensors.get((int) (seq % sensors.size()));
        seq++;
        return new Reading(name, sensor.metric().name(), seq, startMs + offsetMs, sensor.read(offsetMs));
    }

    String unit(Reading reading) {
        return sensors.get((int) ((reading.seq() - 1) % sensors.size()))
                .metric()
                .unit();
    }

    /** Notes that a reading leaves; whether a newer one of this device left before it. */
    boolean isOvertaken(Reading reading) {
        boolean overtaken = reading.timeMs() < greatestSentMs;
        greatestSentMs = Math.max(greatestSentMs, reading.timeMs());
        return overtaken;
    }

    private long around(Duration mean) {
        return Math.max(1, Math.round(mean.toMillis() * (0.5 + random.nextDouble())));
    }

    /** Spreads the pausing devices evenly, so that the fraction is exact. */
    private static boolean isPausing(int index, double fraction) {
        return Math.floor((index + 1) * fraction) > Math.floor(index * fraction);
    }
}
