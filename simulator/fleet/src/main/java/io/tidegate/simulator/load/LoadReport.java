package io.tidegate.simulator.load;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tidegate.simulator.json.Json;
import io.tidegate.simulator.load.PhaseResult.LatencyFigures;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run, for people and for programs.
 *
 * @param rate messages a second that were asked for; null: as fast as they were taken
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LoadReport(
        String broker,
        int devices,
        int clients,
        int readingsPerMessage,
        @Nullable Double rate,
        double warmUpSeconds,
        double seconds,
        boolean right,
        List<PhaseResult> phases) {

    /** Of a run of this shape. */
    static LoadReport of(String broker, LoadShape shape, List<PhaseResult> phases) {
        return new LoadReport(
                broker,
                shape.devices(),
                shape.clients(),
                shape.readingsAMessage(),
                shape.rate().isPresent() ? shape.rate().getAsDouble() : null,
                shape.warmUp().toMillis() / 1e3,
                shape.length().toMillis() / 1e3,
                phases.stream().allMatch(PhaseResult::isRight),
                phases);
    }

    String json() {
        return Json.write(this);
    }

    /** Tables, then the verdict. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%s; %,d devices over %d connections, %s a message, %s, %.0f s after %.0f s",
                broker,
                devices,
                clients,
                readingsPerMessage == 1 ? "1 reading" : readingsPerMessage + " readings",
                rate == null ? "as fast as they are taken" : String.format(Locale.ROOT, "%,.0f messages/s", rate),
                seconds,
                warmUpSeconds);
        List<PhaseResult> sending = phases.stream()
                .filter(phase -> phase.counts().sent() > 0 && phase.growth() == null)
                .toList();
        if (!sending.isEmpty()) {
            tables(text, sending);
        }
        phases.stream().filter(phase -> phase.growth() == null).forEach(phase -> {
            results(text, phase);
            recovery(text, phase);
        });
        text.append(GrowthTable.text(phases));
        line(
                text,
                right
                        ? "nothing lost, nothing twice"
                        : "NOT RIGHT: readings are lost or twice, or a ledger does not balance");
        return text.toString();
    }

    private static void tables(StringBuilder text, List<PhaseResult> phases) {
        line(text, "%-11s %10s %10s %6s  %s", "phase", "messages/s", "readings/s", "ratio", "CPU µs per message");
        phases.forEach(phase -> rates(text, phase));
        line(text, "%-11s %12s %12s %12s %8s %10s", "readings", "sent", "acknowledged", "taken", "lost", "duplicates");
        phases.forEach(phase -> line(
                text,
                "%-11s %,12d %,12d %,12d %,8d %,10d%s",
                phase.phase(),
                phase.counts().sent(),
                phase.counts().acknowledged(),
                phase.counts().taken(),
                phase.counts().lost(),
                phase.counts().duplicates(),
                phase.residuals() == null ? "" : "  residuals " + phase.residuals()));
    }

    private static void rates(StringBuilder text, PhaseResult phase) {
        line(
                text,
                "%-11s %,10.0f %,10.0f %6s  %s",
                phase.phase(),
                phase.rates().messagesPerSecond(),
                phase.rates().readingsPerSecond(),
                phase.rates().ratio() == null
                        ? ""
                        : String.format(Locale.ROOT, "%.2f", phase.rates().ratio()),
                phase.rates().cpuMicrosPerMessage().entrySet().stream()
                        .map(cpu -> String.format(Locale.ROOT, "%s %.1f", cpu.getKey(), cpu.getValue()))
                        .collect(Collectors.joining("  ")));
    }

    private static void results(StringBuilder text, PhaseResult phase) {
        LatencyFigures latency = phase.latencyMs();
        if (latency != null) {
            line(
                    text,
                    "%s: publish to result p50 %,.0f ms, p95 %,.0f ms, p99 %,.0f ms, max %,.0f ms, of %,d readings",
                    phase.phase(),
                    latency.p50(),
                    latency.p95(),
                    latency.p99(),
                    latency.max(),
                    latency.readings());
        }
        BatchTimes.Figures batches = phase.batches();
        if (batches != null) {
            line(
                    text,
                    "%s: %,d batches, processing %,.0f ms (median %,.0f ms, max %,.0f ms), scheduling delay %,.0f ms (max %,.0f ms),"
                            + " waiting at the end %d",
                    phase.phase(),
                    batches.batches(),
                    batches.meanMs(),
                    batches.medianMs(),
                    batches.maxMs(),
                    batches.schedulingDelayMeanMs(),
                    batches.schedulingDelayMaxMs(),
                    batches.waitingAtEnd());
        }
        MemoryUsage.Figures memory = phase.gatewayMiB();
        if (memory != null) {
            line(text, "%s: the gateway held at the beginning and at the end %s", phase.phase(), held(memory));
        }
    }

    private static void recovery(StringBuilder text, PhaseResult phase) {
        if (phase.recovery() != null) {
            phase.recovery()
                    .forEach((name, recovered) -> line(
                            text,
                            "%s: %s killed: results again after %.1f s, caught up after %.1f s",
                            phase.phase(),
                            name,
                            recovered.firstResultSeconds(),
                            recovered.caughtUpSeconds()));
        }
    }

    private static String held(MemoryUsage.Figures memory) {
        String heap = String.format(Locale.ROOT, "%,.0f and %,.0f MiB of heap", memory.heapFirst(), memory.heapLast());
        return memory.residentFirst() == null || memory.residentLast() == null
                ? heap
                : String.format(
                        Locale.ROOT,
                        "%s, %,.0f and %,.0f MiB in all",
                        heap,
                        memory.residentFirst(),
                        memory.residentLast());
    }

    private static void line(StringBuilder text, String format, Object... cells) {
        text.append(String.format(Locale.ROOT, format, cells)).append('\n');
    }
}
