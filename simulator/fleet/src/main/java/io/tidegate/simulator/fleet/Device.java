package io.tidegate.simulator.fleet;

import io.tidegate.simulator.oracle.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A device of the plan: counts its readings, takes turns between its metrics and pauses. Not thread-safe. */
final class Device {
    private final int index;
    private final String name;
    private final List<Instrument> instruments;
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
        this.instruments = shape.metrics().stream()
                .map(metric -> new Instrument(metric, random))
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
        Instrument instrument = instruments.get((int) (seq % instruments.size()));
        seq++;
        return new Reading(name, instrument.metric().name(), seq, startMs + offsetMs, instrument.read(offsetMs));
    }

    String unit(Reading reading) {
        return instruments
                .get((int) ((reading.seq() - 1) % instruments.size()))
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
