package io.tidegate.simulator.load;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What a phase showed.
 *
 * @param phase as options name it
 * @param durable messages that the gateway says it made durable and acknowledged
 * @param latencyMs from publishing to the result; in {@code chain}
 * @param batches where a processor ran
 * @param gatewayMiB memory that the gateway held; in {@code gateway}
 * @param recovery by the program that was killed; in {@code recovery}
 * @param residuals what the ledgers can't explain, by component
 * @param growth in {@code growth}, each of whose runs is a result
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PhaseResult(
        String phase,
        @JsonUnwrapped Rates rates,
        @JsonUnwrapped Counts counts,
        @Nullable Long durable,
        @Nullable LatencyFigures latencyMs,
        BatchTimes.@Nullable Figures batches,
        MemoryUsage.@Nullable Figures gatewayMiB,
        @Nullable Map<String, RecoveryFigures> recovery,
        @Nullable Map<String, Long> residuals,
        @Nullable GrowthFigures growth) {

    /**
     * Of the measured time.
     *
     * @param messagesPerSecond that were received; made durable; turned into results; worked off
     * @param ratio of that to the subscriber's, when it was measured in the same run
     * @param cpuMicrosPerMessage by process; {@code load} is the publisher with its bookkeeping
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rates(
            double messagesPerSecond,
            double readingsPerSecond,
            @Nullable Double ratio,
            Map<String, Double> cpuMicrosPerMessage) {}

    /**
     * Readings of the whole phase.
     *
     * @param sent that left
     * @param acknowledged of these, by the broker to the publisher
     * @param taken that were received; are in the log; are in the totals; are accounted for by every query
     * @param lost sent and not taken
     * @param duplicates taken and not sent, or taken twice
     */
    record Counts(long sent, long acknowledged, long taken, long lost, long duplicates) {
        /** Nothing is taken yet. */
        static Counts sent(long sent, long acknowledged) {
            return new Counts(sent, acknowledged, 0, sent, 0);
        }

        private boolean isRight() {
            return lost == 0 && duplicates == 0 && acknowledged == sent;
        }
    }

    /** Publish-to-result latency in ms, of so many readings. */
    record LatencyFigures(long readings, double p50, double p95, double p99, double max) {
        /** @param nanos the latencies */
        static LatencyFigures of(AbstractHistogram nanos) {
            return new LatencyFigures(
                    nanos.getTotalCount(),
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(95) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6,
                    nanos.getMaxValue() / 1e6);
        }
    }

    /**
     * Seconds from a kill.
     *
     * @param firstResultSeconds to the first result with a reading that was due after the kill
     * @param caughtUpSeconds to the last result of the first batch in which no reading waited for longer than 2 s, or twice the
     *     median before the kill if that is longer
     */
    record RecoveryFigures(double firstResultSeconds, double caughtUpSeconds) {}

    /** What every phase has. */
    static PhaseResult of(Phase phase, Rates rates, Counts counts) {
        return new PhaseResult(phase.label(), rates, counts, null, null, null, null, null, null, null);
    }

    /** Nothing was lost, nothing is there twice, the broker took everything, and the ledgers balance. */
    @JsonIgnore
    boolean isRight() {
        return counts.isRight()
                && (growth == null || growth.failed() == null)
                && (residuals == null || residuals.values().stream().allMatch(residual -> residual == 0));
    }

    /** The same beside what the subscriber received. */
    PhaseResult comparedWith(double subscribers) {
        double ratio = rates.messagesPerSecond / subscribers;
        Rates compared = new Rates(rates.messagesPerSecond, rates.readingsPerSecond, ratio, rates.cpuMicrosPerMessage);
        return new PhaseResult(
                phase, compared, counts, durable, latencyMs, batches, gatewayMiB, recovery, residuals, growth);
    }

    /** The same when so many were taken, and nothing more is known of them. */
    PhaseResult withTaken(long taken) {
        return withTaken(taken, Math.max(0, counts.sent - taken), Math.max(0, taken - counts.sent));
    }

    /** The same when so many were taken. */
    PhaseResult withTaken(long taken, long lost, long duplicates) {
        Counts all = new Counts(counts.sent, counts.acknowledged, taken, lost, duplicates);
        return new PhaseResult(phase, rates, all, durable, latencyMs, batches, gatewayMiB, recovery, residuals, growth);
    }

    /** The same with what is known of results. */
    PhaseResult withResults(@Nullable LatencyFigures latency, BatchTimes.@Nullable Figures processed) {
        return new PhaseResult(
                phase, rates, counts, durable, latency, processed, gatewayMiB, recovery, residuals, growth);
    }

    /** The same with what the gateway held. */
    PhaseResult withMemory(MemoryUsage.@Nullable Figures held) {
        return new PhaseResult(phase, rates, counts, durable, latencyMs, batches, held, recovery, residuals, growth);
    }

    /** The same with how long it took to come back. */
    PhaseResult withRecovery(Map<String, RecoveryFigures> recovered) {
        return new PhaseResult(
                phase, rates, counts, durable, latencyMs, batches, gatewayMiB, recovered, residuals, growth);
    }

    /** The same with what the gateway, and the ledgers, say. */
    PhaseResult withLedgers(@Nullable Long madeDurable, Map<String, Long> unexplained) {
        return new PhaseResult(
                phase, rates, counts, madeDurable, latencyMs, batches, gatewayMiB, recovery, unexplained, growth);
    }

    /** The same with what a run of phase {@code growth} shows. */
    PhaseResult withGrowth(GrowthFigures grown) {
        return new PhaseResult(
                phase, rates, counts, durable, latencyMs, batches, gatewayMiB, recovery, residuals, grown);
    }
}
