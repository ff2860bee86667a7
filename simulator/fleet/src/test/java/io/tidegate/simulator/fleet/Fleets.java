package io.tidegate.simulator.fleet;

import io.tidegate.simulator.fleet.FleetShape.Pauses;
import io.tidegate.simulator.fleet.FleetShape.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Fleets for tests. */
final class Fleets {
    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    static final Share NEVER = new Share(0, Duration.ofSeconds(1));
    static final Pauses AWAKE = new Pauses(0, Duration.ofSeconds(1), Duration.ofSeconds(1));
    static final List<Metric> METRICS = List.of(
            new Metric("temperature", "Cel", new Signal.Sine(21, 4, Duration.ofMinutes(10)), 0.2),
            new Metric("humidity", "", new Signal.RandomWalk(45, 5, 40, 50), 0));

    private Fleets() {}

    /** Ten devices, 100 events a second, for ten seconds, in good order. */
    static FleetShape orderly() {
        return shape(1, NEVER, NEVER, AWAKE);
    }

    static FleetShape shape(long seed, Share outOfOrder, Share duplicates, Pauses pauses) {
        return new FleetShape(10, "d", 100, Duration.ofSeconds(10), seed, METRICS, outOfOrder, duplicates, pauses);
    }

    static List<PlannedMessage> plan(FleetShape shape) {
        List<PlannedMessage> messages = new ArrayList<>();
        FleetPlan.of(shape, START).forEachRemaining(messages::add);
        return messages;
    }
}
