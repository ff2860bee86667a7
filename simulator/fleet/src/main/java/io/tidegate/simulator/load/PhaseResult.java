package io.tidegate.simulator.load;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a phase showed. Rates and CPU times are of the measured time, counts of the whole phase.
 *
 * @param messagesPerSecond that were received; made durable; turned into results; worked off
 * @param ratio of that to the subscriber's, when it was measured in the same run
 * @param cpuMicrosPerMessage by process; {@code load} is the publisher with its bookkeeping
 * @param sent readings that left
 * @param acknowledged of these, by the broker to the publisher
 * @param taken readings that were received; are in the log; are in the totals; are accounted for by every query
 * @param lost sent and not taken
 * @param duplicates taken and not sent, or taken twice
 * @param durable messages that the gateway says it made durable and acknowledged
 * @param latencyMs from publishing to the result; in {@code chain}
 * @param batches where a processor ran
 * @param gatewayMiB memory that the gateway held; in {@code gateway}
 * @param residuals what the ledgers can't explain, by component
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PhaseResult(
        String phase,
        double messagesPerSecond,
        double readingsPerSecond,
        @Nullable Double ratio,
        Map<String, Double> cpuMicrosPerMessage,
        long sent,
        long acknowledged,
        long taken,
        long lost,
        long duplicates,
        @Nullable Long durable,
        @Nullable LatencyFigures latencyMs,
        BatchTimes.@Nullable Figures batches,
        MemoryUsage.@Nullable Figures gatewayMiB,
        @Nullable Map<String, Long> residuals) {

    /** Publish-to-result latency in ms, of so many readings. */
    record LatencyFigures(long readings, double p50, double p95, double p99, double max) {

        static LatencyFigures of(Latencies latencies) {
            return new LatencyFigures(
                    latencies.count(),
                    latencies.percentileNanos(0.50) / 1e6,
                    latencies.percentileNanos(0.95) / 1e6,
                    latencies.percentileNanos(0.99) / 1e6,
                    latencies.maxNanos() / 1e6);
        }
    }

    /** What every phase has; nothing is taken yet. */
    static PhaseResult of(
            Phase phase,
            double messagesPerSecond,
            double readingsPerSecond,
            Map<String, Double> cpuMicrosPerMessage,
            long sent,
            long acknowledged) {
        return new PhaseResult(
                phase.label(),
                messagesPerSecond,
                readingsPerSecond,
                null,
                cpuMicrosPerMessage,
                sent,
                acknowledged,
                0,
                sent,
                0,
                null,
                null,
                null,
                null,
                null);
    }

    /** Nothing was lost, nothing is there twice, the broker took everything, and the ledgers balance. */
    @JsonIgnore
    boolean isRight() {
        return lost == 0
                && duplicates == 0
                && acknowledged == sent
                && (residuals == null || residuals.values().stream().allMatch(residual -> residual == 0));
    }

    /** The same beside what the subscriber received. */
    PhaseResult comparedWith(double subscribers) {
        return new PhaseResult(
                phase,
                messagesPerSecond,
                readingsPerSecond,
                messagesPerSecond / subscribers,
                cpuMicrosPerMessage,
                sent,
                acknowledged,
                taken,
                lost,
                duplicates,
                durable,
                latencyMs,
                batches,
                gatewayMiB,
                residuals);
    }

    /** The same when so many were taken, and nothing more is known of them. */
    PhaseResult withTaken(long newTaken) {
        return withTaken(newTaken, Math.max(0, sent - newTaken), Math.max(0, newTaken - sent));
    }

    /** The same when so many were taken. */
    PhaseResult withTaken(long newTaken, long newLost, long newDuplicates) {
        return new PhaseResult(
                phase,
                messagesPerSecond,
                readingsPerSecond,
                ratio,
                cpuMicrosPerMessage,
                sent,
                acknowledged,
                newTaken,
                newLost,
                newDuplicates,
                durable,
                latencyMs,
                batches,
                gatewayMiB,
                residuals);
    }

    /** The same with what is known of results. */
    PhaseResult withResults(@Nullable LatencyFigures newLatency, BatchTimes.Figures newBatches) {
        return new PhaseResult(
                phase,
                messagesPerSecond,
                readingsPerSecond,
                ratio,
                cpuMicrosPerMessage,
                sent,
                acknowledged,
                taken,
                lost,
                duplicates,
                durable,
                newLatency,
                newBatches,
                gatewayMiB,
                residuals);
    }

    /** The same with what the gateway held. */
    PhaseResult withMemory(MemoryUsage.@Nullable Figures newGatewayMiB) {
        return new PhaseResult(
                phase,
                messagesPerSecond,
                readingsPerSecond,
                ratio,
                cpuMicrosPerMessage,
                sent,
                acknowledged,
                taken,
                lost,
                duplicates,
                durable,
                latencyMs,
                batches,
                newGatewayMiB,
                residuals);
    }

    /** The same with what the gateway, and the ledgers, say. */
    PhaseResult withLedgers(long newDurable, Map<String, Long> newResiduals) {
        return new PhaseResult(
                phase,
                messagesPerSecond,
                readingsPerSecond,
                ratio,
                cpuMicrosPerMessage,
                sent,
                acknowledged,
                taken,
                lost,
                duplicates,
                newDurable,
                latencyMs,
                batches,
                gatewayMiB,
                newResiduals);
    }
}
