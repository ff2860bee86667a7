package io.tidegate.simulator.load;

import io.tidegate.simulator.load.Measurement.Course;
import io.tidegate.simulator.load.Measurement.Waiting;
import io.tidegate.simulator.load.PhaseResult.LatencyFigures;
import io.tidegate.simulator.load.PhaseResult.RecoveryFigures;
import io.tidegate.simulator.local.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Kills the processor and then the gateway, each after a time of steady load, starts it again at once, and waits until it has
 * caught up. Used once, by one thread.
 */
final class RecoveryPhase implements Course {
    static final double DEFAULT_RATE = 2_000;

    private static final long LEAST_NORMAL_MS = 2_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final LoadSystem system;
    private final ChainLoad load;
    private final Duration steady;
    private final Map<String, RecoveryFigures> figures = new LinkedHashMap<>();
    private @Nullable LatencyFigures before;

    /** @param steady how long messages leave before each kill */
    RecoveryPhase(LoadSystem system, ChainLoad load, Duration steady) {
        this.system = system;
        this.load = load;
        this.steady = steady;
    }

    @Override
    public void run(Waiting waiting) throws IOException, InterruptedException {
        waiting.until(Deadline.in(steady)::isOver);
        LatencyFigures latency = load.latency();
        before = latency;
        long normalMs = (long) Math.max(LEAST_NORMAL_MS, 2 * latency.p50());
        figures.put("processor", recovered("processor", normalMs, waiting));
        waiting.until(Deadline.in(steady)::isOver);
        figures.put("gateway", recovered("gateway", normalMs, waiting));
    }

    private RecoveryFigures recovered(String name, long normalMs, Waiting waiting)
            throws IOException, InterruptedException {
        RecoveryTracker recovery = new RecoveryTracker(System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(normalMs));
        load.tracker().tell(recovery);
        system.killAndRestart(name);
        Deadline deadline = Deadline.in(PATIENCE);
        waiting.until(() -> recovery.caughtUpNanos().isPresent() || deadline.isOver());
        if (recovery.caughtUpNanos().isEmpty()) {
            throw new IOException("recovery: " + PATIENCE.toSeconds() + " s after the kill of the " + name
                    + " results do not come within " + normalMs + " ms (a lower --rate may help)");
        }
        return new RecoveryFigures(
                recovery.firstResultNanos().orElseThrow() / 1e9,
                recovery.caughtUpNanos().orElseThrow() / 1e9);
    }

    /** Of the steady time before the first kill. */
    @Nullable
    LatencyFigures latency() {
        return before;
    }

    /** By the program that was killed, in that order. */
    Map<String, RecoveryFigures> figures() {
        return figures;
    }
}
