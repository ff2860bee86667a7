package io.tidegate.simulator.load;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Phase {@code growth} for people: a line for each run. */
final class GrowthTable {
    private GrowthTable() {}

    /** Empty when there is no such run. */
    static String text(List<PhaseResult> phases) {
        StringBuilder text = new StringBuilder();
        for (PhaseResult phase : phases) {
            GrowthFigures growth = phase.growth();
            if (growth != null) {
                if (text.isEmpty()) {
                    head(text);
                }
                line(text, phase, growth);
            }
        }
        return text.toString();
    }

    private static void head(StringBuilder text) {
        text.append(String.format(
                Locale.ROOT,
                "%-10s %10s %10s %9s %9s %8s %14s %9s %12s %11s %10s %8s%n",
                "growth",
                "keys",
                "readings/s",
                "batch ms",
                "max ms",
                "waiting",
                "checkpoint MiB",
                "heap MiB",
                "resident MiB",
                "state keys",
                "state MiB",
                "lost"));
    }

    private static void line(StringBuilder text, PhaseResult phase, GrowthFigures growth) {
        text.append(String.format(Locale.ROOT, "%-10s %,10d ", growth.queries(), growth.keys()));
        BatchTimes.Figures batches = phase.batches();
        GrowthFigures.Held held = growth.held();
        if (batches == null || held == null) {
            text.append(growth.failed()).append('\n');
            return;
        }
        text.append(String.format(
                Locale.ROOT,
                "%,10.0f %,9.0f %,9.0f %,8d %14.1f %9s %12s %,11d %,10.1f %,8d%n",
                phase.rates().readingsPerSecond(),
                batches.medianMs(),
                batches.maxMs(),
                batches.waitingAtEnd(),
                held.checkpointMiB(),
                mib(held.heapMiB()),
                mib(held.residentMiB()),
                held.stateKeys(),
                held.stateMiB(),
                phase.counts().lost()));
    }

    private static String mib(@Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%,.0f", value);
    }
}
